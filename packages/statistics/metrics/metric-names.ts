import * as z from 'zod';

/** The field's usual three. */
export const problemSchema = z.enum(['binary', 'multiclass', 'regression']).meta({
  description:
    'What kind of answer is predicted: yes or no (binary), one of several (multiclass), or a number (regression).',
});
export type Problem = z.infer<typeof problemSchema>;

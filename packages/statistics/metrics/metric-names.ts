import * as z from 'zod';

/** The field's usual three. */
export const problemTypeSchema = z.enum(['binary', 'multiclass', 'regression']).meta({
  description:
    'What kind of answer is predicted: yes or no (binary), one of several (multiclass), or a number (regression).',
});
export type ProblemType = z.infer<typeof problemTypeSchema>;

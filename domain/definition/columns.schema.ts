import { trimmed } from '@tidemark/statistics/tables/blanks.ts';
import * as z from 'zod';

/** What a column holds, in the words of definitions. */
const columnTypes = ['number', 'text', 'boolean', 'time'] as const;

/** What a definition says of a column. */
export const columnRulesSchema = z
  .strictObject({
    type: z.enum(columnTypes).optional().meta({
      description:
        'What it holds: number, text, boolean (true or false) or time. A file with other values is rejected; without it the type is inferred.',
    }),
    missing: z
      .array(z.union([z.string().min(1).max(100), z.number()]).transform((token) => trimmed(String(token))))
      .min(1)
      .max(50)
      .optional()
      .meta({
        description: 'Spellings of a missing value in this column, besides those that are missing anywhere.',
        examples: [['None', '?']],
      }),
    format: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .meta({
        description:
          'How its times are spelled, with `type: time`: iso-8601, epoch-seconds, epoch-milliseconds, or a pattern of %Y %m %d %H %M %S in UTC.',
        examples: ['%d.%m.%Y', 'epoch-seconds'],
      }),
  })
  .meta({ description: 'What a column holds and how it is spelled.' });
export type ColumnRules = z.infer<typeof columnRulesSchema>;

/** By column. */
export const columnsSchema = z
  .record(z.string().min(1).max(128), columnRulesSchema)
  .default({})
  .meta({
    description:
      'What columns hold and how their values are spelled, by column; it applies to files, prediction requests and retraining.',
    examples: [{ age: { type: 'number', missing: ['None'] }, at: { type: 'time', format: 'epoch-seconds' } }],
  });

import { z } from 'zod';
import { columnTypeSchema } from '../datasets/manifest.schema.ts';
import { binningPlanSchema } from './binning-plan.schema.ts';

const columnsSchema = z.array(z.object({ name: z.string(), type: columnTypeSchema.nullable() }));

/** Some rows of a CSV file. */
export const csvPartSchema = z.object({
  kind: z.literal('csv'),
  path: z.string(),
  layout: z.object({
    delimiter: z.string(),
    names: z.array(z.string()),
    start: z.int(),
    columns: columnsSchema,
    guessed: z.boolean(),
  }),
  plan: binningPlanSchema.optional(),
  seed: z.int(),
  /** Bytes of the file. */
  range: z.object({ start: z.int(), end: z.int().optional() }),
});
export type CsvPart = z.infer<typeof csvPartSchema>;

/** Some columns of a Parquet file. */
export const parquetPartSchema = z.object({
  kind: z.literal('parquet'),
  path: z.string(),
  columns: columnsSchema,
  plan: binningPlanSchema.optional(),
  seed: z.int().optional(),
  memoryMegabytes: z.number(),
});
export type ParquetPart = z.infer<typeof parquetPartSchema>;

/** What a thread is asked for. */
export const threadInputSchema = z.discriminatedUnion('kind', [csvPartSchema, parquetPartSchema]);
export type ThreadInput = z.infer<typeof threadInputSchema>;

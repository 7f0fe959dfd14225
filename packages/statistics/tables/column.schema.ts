import * as z from 'zod';

/** Types that every reader agrees on: a CSV's `12`, a Parquet INT32 and a JSON number are all `integer`. */
export const columnTypeSchema = z.enum(['integer', 'number', 'boolean', 'string', 'timestamp']);
export type ColumnType = z.infer<typeof columnTypeSchema>;

export const columnSchema = z.object({ name: z.string(), type: columnTypeSchema });
export type Column = z.infer<typeof columnSchema>;

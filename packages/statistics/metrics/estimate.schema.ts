import * as z from 'zod';

/** A point estimate and its interval at the stated confidence (0.95 unless said). */
export const estimateSchema = z.object({ value: z.number(), low: z.number(), high: z.number() });
export type Estimate = z.infer<typeof estimateSchema>;

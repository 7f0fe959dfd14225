import * as z from 'zod';

/** One row per invocation keeps each request far below the 4 MB that a serverless endpoint takes. */
const encodedRow = z
  .string()
  .min(1)
  .max(1_000_000)
  .refine((line) => !/[\r\n]/.test(line), 'must be one line, without its end');

/**
 * `smoke.json`: hold-out rows with the predictions that the evaluation recorded for them. An endpoint that answers these
 * rows with these predictions serves the model that was judged, with the encoding that it was judged with.
 */
export const smokeSchema = z.object({
  schemaVersion: z.literal(1),
  model: z.string(),
  runId: z.string(),
  /**
   * 20 rows spread over the predictions are plenty to tell two models apart; the limit bounds the time that a proof takes,
   * as a row is one invocation.
   */
  rows: z
    .array(
      z.object({
        /** One line of `holdout/features.csv`, without its end. */
        features: encodedRow,
        /**
         * What the batch transform answered: one number, or one per class in the order of the classes.
         * Read by `parsePrediction` from the line of the `.out` file.
         */
        prediction: z.array(z.number()).min(1),
      }),
    )
    .min(1)
    .max(50),
});
export type Smoke = z.infer<typeof smokeSchema>;

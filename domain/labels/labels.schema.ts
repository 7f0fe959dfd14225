import * as z from 'zod';

/** A truth as a file has it: text, or what JSON holds. */
export const labelValueSchema = z.union([z.string().min(1), z.number(), z.boolean()]);
export type LabelValue = z.infer<typeof labelValueSchema>;

/** A line of SageMaker's ground truth. */
export const groundTruthSchema = z.object({
  groundTruthData: z.object({ data: z.string(), encoding: z.string() }),
  eventMetadata: z.object({ eventId: z.string().min(1) }),
});

/** What a prediction turned out to be. */
export interface Label {
  readonly inferenceId: string;
  readonly label: LabelValue;
}

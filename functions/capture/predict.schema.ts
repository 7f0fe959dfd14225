import { isOwnInvocation } from '@tidemark/domain/endpoints/inference-ids.ts';
import { modelName } from '@tidemark/domain/names.ts';
import { rawRecordSchema } from '@tidemark/domain/windows/monitored.schema.ts';
import * as z from 'zod';
import type { RecordReading } from './dry-run.ts';
import type { RequestWarning } from './request-warnings.ts';

/**
 * A request and its answer are each one Lambda payload of at most 6 MB, and one invocation of a serverless endpoint takes at most
 * 60 seconds: 1,000 rows of a few hundred columns keep to both, with room for models that are slower than trees.
 */
export const maximumRecords = 1000;

/** As SageMaker takes it: printable ASCII, 64 characters at most. */
const inferenceId = z
  .string()
  .regex(/^[\x20-\x7e]{1,64}$/, 'must have 1 to 64 printable ASCII characters')
  .refine((id) => !isOwnInvocation(id), 'must not begin with "tidemark-", which Tidemark uses itself');

/** What the prediction function takes. */
export const predictionRequestSchema = z
  .strictObject({
    model: modelName,
    /** Raw features by column name, as they stand in the data. Columns that the model does not use are captured too. */
    records: z.array(rawRecordSchema).min(1).max(maximumRecords),
    /** One for each record, by which labels join later. Default: one is made for each. */
    inferenceIds: z.array(inferenceId).optional(),
    /** Tells how each field is read: nothing is predicted and nothing captured. */
    dryRun: z.boolean().default(false),
  })
  .superRefine(({ records, inferenceIds }, context) => {
    if (inferenceIds === undefined) return;
    const path = ['inferenceIds'];
    if (inferenceIds.length !== records.length) {
      const message = `has ${inferenceIds.length} ids for ${records.length} records`;
      context.addIssue({ code: 'custom', path, message });
    }
    if (new Set(inferenceIds).size < inferenceIds.length) {
      context.addIssue({ code: 'custom', path, message: 'has an id twice' });
    }
  });
export type PredictionRequest = z.infer<typeof predictionRequestSchema>;

/** The prediction for one record. */
export type Prediction = { readonly inferenceId: string } & (
  | { readonly value: number }
  | {
      /** The predicted class as the data has it; of two classes the positive one from a probability of 0.5. */
      readonly label: string;
      /** Binary: of the positive class. Multiclass: of the predicted one. */
      readonly probability: number;
      /** Multiclass: of every class. */
      readonly probabilities?: Readonly<Record<string, number>>;
    }
);

/** What the prediction function answers, in the order of the records. */
export interface PredictionResponse {
  readonly model: string;
  /** The version that answered. */
  readonly version: number;
  readonly predictions: readonly Prediction[];
  /** Fields that the model does not read, columns that records do not have, and categories in another spelling than the data's. */
  readonly warnings: readonly RequestWarning[];
}

/** What it answers to a dry run, in the order of the records. */
export interface DryRunResponse {
  readonly model: string;
  /** The version that would be asked; while versions change, the first of them. */
  readonly version: number;
  readonly dryRun: true;
  readonly records: readonly RecordReading[];
  readonly warnings: readonly RequestWarning[];
}

import { objectPinSchema } from '@tidemark/domain/datasets/manifest.schema.ts';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { claimRecordSchema } from '@tidemark/domain/registry/records.schema.ts';
import * as z from 'zod';

/** `MODEL#<m>` / `BATCHES`: which batch is open, and the number of the last one. */
export const batchesRecordSchema = z.object({
  lastNumber: z.int().positive(),
  /** The batch that arrivals join, waiting for quiet; absent while there is none. */
  openBatch: z.string().optional(),
  /** ARN of the execution whose arrival joined last: only that one may close the batch. */
  signedBy: z.string().optional(),
});
export type BatchesRecord = z.infer<typeof batchesRecordSchema>;

export const batchStatusSchema = z.enum([
  /** Its files are being listed. */
  'collecting',
  /** Its files are known and never change; it is being validated. */
  'closed',
  'committed',
  /** The dataset was the same already. */
  'unchanged',
  /** A batch with a higher number had replaced the dataset before. */
  'superseded',
  'rejected',
]);

/** `MODEL#<m>` / `BATCH#<batchId>`: a batch that nothing joins any more. */
export const batchRecordSchema = z.object({
  model: z.string(),
  batchId: z.string(),
  /** The definition when it was closed: all steps judge by the same one. */
  definition: definitionSchema,
  /** Folder of the marker that completed it; `null` when its files arrived one by one, or had waited for the model. */
  folder: z.string().nullable(),
  /** ARN of the execution that closed it, which every event about it names as its cause, also when another execution continues it. */
  closedBy: z.string(),
  closedAt: z.iso.datetime(),
  status: batchStatusSchema,
  /** The judgement that was acted on. */
  validation: objectPinSchema.nullable(),
  datasetId: z.string().nullable(),
  /** Set once rejected files are in quarantine. */
  reportKey: z.string().nullable(),
});
export type BatchRecord = z.infer<typeof batchRecordSchema>;

/** `MODEL#<m>` / `ARRIVAL#<batchId>#<key>`: an object version that belongs to a batch. */
export const arrivalRecordSchema = z.object({
  object: objectPinSchema,
  size: z.int().nonnegative(),
  arrivedAt: z.iso.datetime(),
  expiresAt: z.int(),
});
export type ArrivalRecord = z.infer<typeof arrivalRecordSchema>;

/** The claim on a key: which version of it was taken last, and into which batch. */
export const arrivalClaimSchema = claimRecordSchema.extend({
  versionId: z.string(),
  sequencer: z.string(),
  batchId: z.string(),
});
export type ArrivalClaim = z.infer<typeof arrivalClaimSchema>;

/** Batches in the order in which their content was fixed; also the order of text. */
export function batchIdOf(number: number): string {
  return `batch-${String(number).padStart(8, '0')}`;
}

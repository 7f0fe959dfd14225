import type { Manifest } from '@tidemark/domain/datasets/manifest.schema.ts';
import { dataKeys } from '@tidemark/domain/names.ts';
import type { RetrainingRecord } from '@tidemark/domain/registry/records.schema.ts';

/**
 * Whether the predictions that a retraining adds are used. Those of one that was given up are free again, unless they are in the data
 * all the same.
 */
export function areRowsUsed(record: RetrainingRecord, { parts }: Pick<Manifest, 'parts'>): boolean {
  if (record.inferenceIds === null) return false;
  if (record.status !== 'abandoned') return true;
  const key = dataKeys.feedback(record.model, record.retrainingId);
  return parts.some((part) => part.sources.some((source) => source.key === key));
}

/** How late a label may come that is still learnt from. */
const labelDelayMilliseconds = 31 * 86_400_000;

/**
 * From when on captures and labels are looked at. Labels of what earlier versions predicted keep arriving while a version is live, and
 * each is one that it has not seen: so not only from its own training on.
 */
export function lookBackFrom(live: { readonly createdAt: string }): Date {
  return new Date(Date.parse(live.createdAt) - labelDelayMilliseconds);
}

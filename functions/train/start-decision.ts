import type { ModelRecord, VersionRecord } from '../registry/records.schema.ts';
import type { TrainRequest } from './train-request.schema.ts';

/** What the registry knows when a run is to start. */
export interface StartFacts {
  readonly model: Pick<ModelRecord, 'model' | 'latestDatasetId' | 'definitionHash'>;
  readonly versions: readonly Pick<
    VersionRecord,
    'version' | 'status' | 'dataset' | 'definitionHash' | 'codeVersion'
  >[];
  readonly codeVersion: string;
}

/** Whether a run begins, lease aside. */
export type StartDecision =
  | { readonly kind: 'train'; readonly datasetId: string }
  /** A newer dataset has an execution of its own. */
  | { readonly kind: 'superseded'; readonly message: string }
  /** The same dataset, definition and code have made a version. */
  | { readonly kind: 'already-trained'; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string };

/** Decides which dataset is trained, if any. An event trains the newest dataset only; a person may name an older one. */
export function decideStart(
  request: TrainRequest,
  { model, versions, codeVersion }: StartFacts,
): StartDecision {
  const name = model.model;
  const datasetId = request.datasetId ?? model.latestDatasetId;
  if (datasetId === null) {
    return {
      kind: 'refused',
      message: `${name} has no dataset yet. Put data under incoming/${name}/ in the data bucket.`,
    };
  }
  if (request.by === 'event' && model.latestDatasetId !== null && datasetId !== model.latestDatasetId) {
    return {
      kind: 'superseded',
      message: `${name} has a newer dataset, ${model.latestDatasetId}, which has a run of its own; ${datasetId} is passed over.`,
    };
  }
  const same = versions.find(
    (version) =>
      version.dataset.datasetId === datasetId &&
      version.definitionHash === model.definitionHash &&
      version.codeVersion === codeVersion,
  );
  if (same) {
    return {
      kind: 'already-trained',
      message: `Version ${same.version} of ${name}, which is ${same.status}, was trained from ${datasetId} with this definition and this code.`,
    };
  }
  return { kind: 'train', datasetId };
}

const shortestWaitSeconds = 10;
const longestWaitSeconds = 300;

/**
 * A day and an hour in all: 5 waits up to 5 minutes, then 300 of 5 minutes. Longer than any default training, and with some 11
 * history events per wait a seventh of the 25,000 that an execution may have.
 */
export const maximumWaits = 305;

/** Seconds until the model is looked at again: 10, 20, 40, … up to 5 minutes. */
export function waitSeconds(waits: number): number {
  return Math.min(shortestWaitSeconds * 2 ** waits, longestWaitSeconds);
}

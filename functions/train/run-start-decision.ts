import { unreachable } from '@tidemark/domain/errors.ts';
import { dataKeys } from '@tidemark/domain/names.ts';
import type {
  ModelRecord,
  RetrainingRecord,
  VersionRecord,
} from '@tidemark/domain/registry/records.schema.ts';
import { reactivationRemedy, retiredSentence } from '@tidemark/domain/registry/retired-model.ts';
import type { TrainRequest } from './train-request.schema.ts';

/** What the registry knows when a run is to start. */
export interface RunStartFacts {
  readonly model: Pick<ModelRecord, 'model' | 'latestDatasetId' | 'definitionHash' | 'liveVersion'>;
  /** Whether the definition retires the model. */
  readonly retired: boolean;
  /** `retraining.on` of the definition. */
  readonly triggers: readonly string[];
  readonly versions: readonly Pick<
    VersionRecord,
    'version' | 'status' | 'dataset' | 'definitionHash' | 'codeVersion'
  >[];
  readonly codeVersion: string;
  /** The retraining that waits for its run, if there is one. */
  readonly open: Pick<RetrainingRecord, 'model' | 'retrainingId' | 'rows'> | null;
  /** Keys of the files that the dataset's rows came from. */
  readonly sources: readonly string[];
}

/** Whether a run begins, lease aside. */
export type RunStartDecision =
  | {
      readonly kind: 'train';
      readonly datasetId: string;
      /** The retraining that the run carries out. */
      readonly retrainingId: string | null;
    }
  /** A newer dataset has an execution of its own. */
  | { readonly kind: 'superseded'; readonly message: string }
  /** The same dataset, definition and code have made a version. */
  | { readonly kind: 'already-trained'; readonly message: string }
  /** New data alone does not train this model, or its retraining is under way or has been given up. */
  | { readonly kind: 'not-wanted'; readonly message: string }
  /** The model was retired meanwhile, which is announced. */
  | { readonly kind: 'skipped'; readonly datasetId: string | null; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string };

/**
 * Which dataset a request is about: the one that an event tells of, that a person names, or else the newest. What a retraining
 * wanted to train may have grown since.
 */
export function requestedDataset(
  request: TrainRequest,
  { latestDatasetId }: Pick<ModelRecord, 'latestDatasetId'>,
): string | null {
  return request.by === 'retraining' ? latestDatasetId : (request.datasetId ?? latestDatasetId);
}

/** Decides which dataset is trained, if any. An event trains the newest dataset only; a person may name an older one. */
export function decideRunStart(request: TrainRequest, facts: RunStartFacts): RunStartDecision {
  const { model, versions, codeVersion } = facts;
  const name = model.model;
  const datasetId = requestedDataset(request, model);
  if (facts.retired) return whenRetired(request, name, datasetId);
  if (datasetId === null) {
    return {
      kind: 'refused',
      message: `${name} has no dataset yet. Put data under incoming/${name}/ in the data bucket.`,
    };
  }
  if (request.by === 'event' && model.latestDatasetId !== null && datasetId !== model.latestDatasetId) {
    return {
      kind: 'superseded',
      message: `${name} has a newer dataset, ${model.latestDatasetId}, which has a run of its own; ${datasetId} is skipped.`,
    };
  }
  const retrainingId = retrainingOf(datasetId, facts);
  const unwanted = whyNotWanted(request, retrainingId, facts);
  if (unwanted !== undefined) return { kind: 'not-wanted', message: unwanted };
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
  return { kind: 'train', datasetId, retrainingId };
}

function whenRetired(request: TrainRequest, model: string, datasetId: string | null): RunStartDecision {
  const dataset = datasetId ?? 'Its data';
  const message =
    `${dataset} is not trained. ${retiredSentence(model)} The data is kept. ${reactivationRemedy(model)} Then start train with ` +
    `{ "model": "${model}" }.`;
  return request.by === 'person' ? { kind: 'refused', message } : { kind: 'skipped', datasetId, message };
}

/** The open retraining, if the dataset has what it adds: its rows, or, where it adds none, whatever is newest. */
function retrainingOf(datasetId: string, { open, sources, model }: RunStartFacts): string | null {
  if (open === null) return null;
  const carries =
    open.rows === null
      ? datasetId === model.latestDatasetId
      : sources.includes(dataKeys.feedback(open.model, open.retrainingId));
  return carries ? open.retrainingId : null;
}

/** A first version wants any data, a retraining its own; new data by itself is a trigger only if the definition lists it. */
function whyNotWanted(
  request: TrainRequest,
  retrainingId: string | null,
  { model, triggers }: RunStartFacts,
): string | undefined {
  switch (request.by) {
    case 'person':
      return undefined;
    case 'retraining':
      return retrainingId === request.retrainingId
        ? undefined
        : `The retraining ${request.retrainingId} of ${model.model} already has its run, or was abandoned.`;
    case 'event': {
      const isWanted = triggers.includes('new-data') || model.liveVersion === null || retrainingId !== null;
      return isWanted
        ? undefined
        : `The definition of ${model.model} does not list new-data under retraining.on, and version ${model.liveVersion} is live: the dataset waits for a retraining.`;
    }
    default:
      return unreachable(request);
  }
}

const shortestWaitSeconds = 10;
const longestWaitSeconds = 300;

/**
 * A day and an hour in all: 5 waits up to 5 minutes, then 300 of 5 minutes. Longer than any default training, and with some 11
 * history events per wait a seventh of the 25,000 that an execution may have.
 */
export const maximumWaits = 305;

/**
 * Some 45 minutes, the longest that bringing back a serverless endpoint may take: 10 + 20 + 40 + 80 + 160 s, then 8 of 5 minutes. A
 * version that cannot be brought back does not block training any longer.
 */
export const maximumRestoreWaits = 13;

/**
 * A model that is active again has its former version deployed again first, as a new one is compared with it.
 * @returns why to wait; `undefined`: there is nothing to wait for
 */
export function restoration(
  { model, liveVersion, restoreVersion }: Pick<ModelRecord, 'model' | 'liveVersion' | 'restoreVersion'>,
  waits: number,
): string | undefined {
  if (liveVersion !== null || !restoreVersion || waits >= maximumRestoreWaits) return undefined;
  return `Version ${restoreVersion} of ${model}, which is active again, is deployed first: what is trained is compared with it.`;
}

/** Seconds until the model is looked at again: 10, 20, 40, … up to 5 minutes. */
export function waitSeconds(waits: number): number {
  return Math.min(shortestWaitSeconds * 2 ** waits, longestWaitSeconds);
}

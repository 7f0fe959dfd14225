/** Primary key of a registry item. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

const arrivalPrefix = (batchId: string) => `ARRIVAL#${batchId}#`;
const modelPk = (model: string) => `MODEL#${model}`;
const versionPrefix = 'VERSION#';
const eventPrefix = 'EVENT#';
const runPrefix = 'RUN#';
const windowPrefix = 'WINDOW#';
const retrainingPrefix = 'RETRAINING#';

/** Where each registry item stands. Sort keys order as their items do: versions by number, events by time. */
export const keys = {
  modelPk,
  meta: (model: string): Key => ({ pk: modelPk(model), sk: 'META' }),
  batches: (model: string): Key => ({ pk: modelPk(model), sk: 'BATCHES' }),
  batch: (model: string, batchId: string): Key => ({ pk: modelPk(model), sk: `BATCH#${batchId}` }),
  arrivalPrefix,
  arrival: (model: string, batchId: string, objectKey: string): Key => ({
    pk: modelPk(model),
    sk: `${arrivalPrefix(batchId)}${objectKey}`,
  }),
  dataset: (model: string, datasetId: string): Key => ({ pk: modelPk(model), sk: `DATASET#${datasetId}` }),
  runPrefix,
  run: (model: string, runId: string): Key => ({ pk: modelPk(model), sk: `${runPrefix}${runId}` }),
  monitor: (model: string): Key => ({ pk: modelPk(model), sk: 'MONITOR' }),
  windowPrefix,
  window: (model: string, windowId: string): Key => ({
    pk: modelPk(model),
    sk: `${windowPrefix}${windowId}`,
  }),
  retrainingPrefix,
  retraining: (model: string, retrainingId: string): Key => ({
    pk: modelPk(model),
    sk: `${retrainingPrefix}${retrainingId}`,
  }),
  versionPrefix,
  version: (model: string, version: number): Key => ({
    pk: modelPk(model),
    sk: `${versionPrefix}${String(version).padStart(8, '0')}`,
  }),
  eventPrefix,
  event: (model: string, time: string, eventId: string): Key => ({
    pk: modelPk(model),
    sk: `${eventPrefix}${time}#${eventId}`,
  }),
  /** Where an event was recorded: found by its id alone, so that a repeat is seen whatever its time. */
  recorded: (model: string, eventId: string): Key => ({ pk: modelPk(model), sk: `RECORDED#${eventId}` }),
  claim: (claimId: string): Key => ({ pk: `CLAIM#${claimId}`, sk: 'CLAIM' }),
  /** What the endpoints of all models need together: see `functions/onboard/fleet-use.ts`. */
  fleet: { pk: 'FLEET', sk: 'FLEET' } as Key,
  /** Which format the store has: see `store-format.ts`. */
  storeFormat: { pk: 'STORE', sk: 'FORMAT' } as Key,
  modelIndexPk: 'MODELS',
  modelIndex: (model: string): Key => ({ pk: 'MODELS', sk: modelPk(model) }),
} as const;

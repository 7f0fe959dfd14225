/** Primary key of a registry item. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

const modelPk = (model: string) => `MODEL#${model}`;

/** Where each registry item stands. Sort keys order as their items do: versions by number, events by time. */
export const keys = {
  modelPk,
  meta: (model: string): Key => ({ pk: modelPk(model), sk: 'META' }),
  arrival: (model: string, batchId: string, objectKey: string): Key => ({
    pk: modelPk(model),
    sk: `ARRIVAL#${batchId}#${objectKey}`,
  }),
  dataset: (model: string, datasetId: string): Key => ({ pk: modelPk(model), sk: `DATASET#${datasetId}` }),
  run: (model: string, runId: string): Key => ({ pk: modelPk(model), sk: `RUN#${runId}` }),
  version: (model: string, version: number): Key => ({
    pk: modelPk(model),
    sk: `VERSION#${String(version).padStart(8, '0')}`,
  }),
  event: (model: string, time: string, eventId: string): Key => ({
    pk: modelPk(model),
    sk: `EVENT#${time}#${eventId}`,
  }),
  claim: (what: string): Key => ({ pk: `CLAIM#${what}`, sk: 'CLAIM' }),
  modelIndex: (model: string): Key => ({ pk: 'MODELS', sk: modelPk(model) }),
} as const;

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lateFlights } from './flights.ts';
import { IngestRegion } from './ingest-region.ts';

let region: IngestRegion;
beforeAll(async () => {
  region = await IngestRegion.start();
});
afterAll(() => region.stop());

describe('a dropped file', () => {
  it('becomes a dataset', async () => {
    const model = await region.newFileModel();

    const end = await region.run(await region.drop(model, 'a.csv', lateFlights(0, 300)));

    expect(end).toMatchObject({
      status: 'SUCCEEDED',
      output: { batchId: 'batch-00000001', accepted: 1, rejected: 0 },
    });
    const dataset = await region.dataset(model);
    expect(dataset).toMatchObject({
      model,
      rows: 300,
      splitMethod: 'hash',
      extends: null,
      batchId: 'batch-00000001',
    });
    expect(await region.events(model)).toMatchObject([
      { type: 'dataset.committed', detail: { datasetId: dataset?.datasetId, rows: 300 } },
    ]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IngestRegion } from './ingest-region.ts';
import { lateFlights } from './late-flights.ts';

let region: IngestRegion;

beforeAll(async () => {
  region = await IngestRegion.start();
});
afterAll(() => region.stop());

const types = async (model: string) => (await region.events(model)).map(({ type }) => type);

/** A model that has taken its first hundred rows. */
async function newModel(ingestion: object): Promise<string> {
  const model = await region.newFileModel({ ingestion });
  const first = await region.drop(model, 'may/first.csv', lateFlights(0, 100));
  await region.run(first);
  const marker = await region.drop(model, 'may/_SUCCESS', '');
  await region.run(marker);
  return model;
}

describe('files for a retired model', () => {
  it.each([
    { complete: 'quiet-period' },
    { complete: 'each-file' },
    { complete: 'each-file', mode: 'replace' },
  ])('stay where they are, and are taken up alone when it is active again: %o', async (ingestion) => {
    const model = await newModel(ingestion);
    await region.retire(model);
    await region.run(await region.drop(model, 'june/second.csv', lateFlights(100, 250)));

    expect(await types(model)).toEqual(['dataset.committed', 'data.waiting']);
    expect(await region.list(`incoming/${model}/june/`)).toEqual([`incoming/${model}/june/second.csv`]);
    expect(await region.dataset(model)).toMatchObject({ rows: 100 });

    const reactivated = await region.reactivate(model);
    await Promise.all([region.run(reactivated), region.run(reactivated)]);

    expect(await types(model)).toEqual(['dataset.committed', 'data.waiting', 'dataset.committed']);
    expect(await region.dataset(model)).toMatchObject({
      rows: ingestion.mode === 'replace' ? 150 : 250,
      batchId: 'batch-00000002',
    });
  });

  it('are taken up with what stood beside them, where a marker completes them', async () => {
    const model = await newModel({ complete: 'marker' });
    await region.run(await region.drop(model, 'june/second.csv', lateFlights(100, 250)));
    await region.retire(model);
    await region.run(await region.drop(model, 'june/_SUCCESS', ''));

    await region.run(await region.reactivate(model));

    expect(await region.dataset(model)).toMatchObject({ rows: 250, batchId: 'batch-00000002' });
  });

  it('are not taken up by a reactivation that was taken back', async () => {
    const model = await newModel({ complete: 'each-file' });
    await region.retire(model);
    await region.run(await region.drop(model, 'june/second.csv', lateFlights(100, 250)));
    const reactivated = await region.reactivate(model);
    await region.retire(model);

    const end = await region.run(reactivated);

    expect(end).toMatchObject({ output: { message: expect.stringContaining('Files keep waiting') } });
    expect(await region.dataset(model)).toMatchObject({ rows: 100 });
  });
});

describe('a batch that is under way when its model is retired', () => {
  it.each(['ValidateFiles', 'JudgeBatch', 'CommitDataset'])(
    'becomes a dataset all the same, as nothing is lost: before %s',
    async (task) => {
      const model = await region.newFileModel();
      const file = await region.drop(model, 'a.csv', lateFlights(0, 100));

      await region.run(file, {
        async before(called) {
          if (called === task) await region.retire(model);
        },
      });

      expect(await types(model)).toEqual(['dataset.committed']);
      expect(await region.dataset(model)).toMatchObject({ rows: 100 });
    },
  );
});

import { IngestRegion } from '../../ingest/ingest-region.ts';
import { lateFlights } from '../../ingest/late-flights.ts';
import type { Way, Ways } from '../../support/fault-at-every-call.ts';
import { ownRules, runWithOwnRules } from '../../support/own-rules.ts';
import { told } from '../told.ts';

export async function start(): Promise<Ways> {
  const region = await IngestRegion.start();
  const rules = await ownRules('Ingest');

  /** One file, which is a batch. */
  const fileWay = (name: string, body: string): Way => ({
    name,
    async prepare() {
      const model = await region.newFileModel();
      const event = await region.drop(model, 'a.csv', body);
      let ended = '';
      return {
        async run(meddle) {
          ended = await runWithOwnRules(region.machine, rules, event, meddle);
        },
        truth: async () => ({ ended, ...(await truthOf(model)) }),
      };
    },
  });

  /** Where the files are, how often, the dataset, and what was told. */
  async function truthOf(model: string) {
    const place = async (folder: string) =>
      (await region.list(`${folder}/${model}/`))
        // A batch that nothing came of may have taken a number.
        .map((key) => key.replaceAll(model, 'model').replace(/batch-\d+/, 'batch'))
        .sort();
    const dataset = await region.dataset(model);
    return {
      incoming: await place('incoming'),
      quarantine: await place('quarantine'),
      versions: await region.versions(`incoming/${model}/a.csv`),
      dataset: dataset?.datasetId ?? null,
      rows: (await region.rows(model)).length,
      openBatch: (await region.openBatch(model)) ?? null,
      told: told(await region.events(model)),
    };
  }

  return {
    ways: [
      fileWay('a good file', lateFlights(0, 100)),
      fileWay('a bad file', 'flight,origin,distance,late\n1,2\n'),
    ],
    stop: () => region.stop(),
  };
}

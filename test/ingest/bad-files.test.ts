import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweep } from '../support/sweep.ts';
import { badFiles } from './bad-files.ts';
import { IngestRegion } from './ingest-region.ts';
import { lateFlights } from './late-flights.ts';

let region: IngestRegion;
beforeAll(async () => {
  region = await IngestRegion.start();
});
afterAll(() => region.stop());

describe('a file is put into quarantine with a report, and the next good one works, when it is or has', () => {
  // One file for each check at least; `npm run test:long` has them all.
  it.each(sweep(badFiles, { kindOf: ({ check }) => check }))(
    '$title',
    async ({ name, body, check, says, definition, good }) => {
      const model = await region.newFileModel(definition);
      const bytes = Buffer.from(await body());

      const end = await region.run(await region.drop(model, name, bytes));

      expect(end).toMatchObject({ status: 'SUCCEEDED', output: { accepted: 0, rejected: 1 } });
      const prefix = `quarantine/${model}/batch-00000001/`;
      // Nothing is lost: the very bytes are in quarantine, and the original is hidden, not deleted.
      expect(await region.list(prefix)).toEqual([
        `${prefix}files/${name}`,
        `${prefix}report.json`,
        `${prefix}report.md`,
      ]);
      expect((await region.bytes(`${prefix}files/${name}`)).equals(bytes)).toBe(true);
      expect(await region.list(`incoming/${model}/`)).toEqual([]);
      expect(await region.versions(`incoming/${model}/${name}`)).toBe(1);
      // The report says what, why and what to do, and the event says it in short.
      const report = await region.text(`${prefix}report.md`);
      expect(report).toMatch(says);
      expect(report).toMatch(
        /\*\*What:\*\* .+\n- \*\*Why it is not accepted:\*\* .+\n- \*\*What to do:\*\* .+/,
      );
      const [event, ...others] = await region.events(model);
      expect(others).toEqual([]);
      expect(event).toMatchObject({
        type: 'data.rejected',
        detail: {
          reportKey: `${prefix}report.md`,
          files: [`incoming/${model}/${name}`],
          reasons: [{ check }],
        },
      });
      expect(await region.dataset(model)).toBeUndefined();

      const next = await region.run(await region.drop(model, 'good.csv', good ?? lateFlights(0, 200)));

      expect(next).toMatchObject({ status: 'SUCCEEDED', output: { accepted: 1, rejected: 0 } });
      expect(await region.dataset(model)).toMatchObject({ batchId: 'batch-00000002' });
    },
  );
});

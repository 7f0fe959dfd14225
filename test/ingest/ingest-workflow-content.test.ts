import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { FileResults } from '../../functions/ingest/file-results.client.ts';
import { sweep } from '../support/sweep.ts';
import { IngestRegion } from './ingest-region.ts';
import { lateFlights } from './late-flights.ts';
import { parquet } from './parquet.ts';

let region: IngestRegion;
beforeAll(async () => {
  region = await IngestRegion.start();
});
afterAll(() => region.stop());
afterEach(() => {
  vi.restoreAllMocks();
});

/** What DuckDB throws, and what a defect of ours would. */
const errors: readonly (() => Error)[] = [
  () => new Error('Parser Error: syntax error at or near "}"'),
  () => new Error('Binder Error: column "late" must appear in the GROUP BY clause'),
  () => new Error('INTERNAL Error: Attempted to access index 3 within vector of size 3'),
  () =>
    new Error('Out of Memory Error: could not allocate block of size 256.0 KiB (843.0 MiB/843.0 MiB used)'),
  () => new Error('Unable to do that'),
  () => new TypeError('x is not iterable'),
];

/** Methods of `Database` that send a statement. */
const statements: ReadonlySet<unknown> = new Set([
  'run',
  'row',
  'rows',
  'columns',
  'vectors',
  'writeParquet',
]);

/**
 * Lets the `statement`-th statement of the `file`-th file that is validated throw. @returns how many statements that file had, in the end
 */
function failing(file: number, statement: number, error: Error): { count: number } {
  const seen = { files: 0, count: 0 };
  const real = Database.with.bind(Database);
  vi.spyOn(Database, 'with').mockImplementation(async (memory, use) => {
    seen.files += 1;
    if (seen.files !== file) return real(memory, use);
    return real(memory, (database) =>
      use(
        new Proxy(database, {
          get(target, name) {
            const value: unknown = Reflect.get(target, name, target);
            if (typeof value !== 'function') return value;
            if (!statements.has(name)) return value.bind(target);
            return (...given: unknown[]) => {
              seen.count += 1;
              if (seen.count === statement) throw error;
              return Reflect.apply(value, target, given);
            };
          },
        }),
      ),
    );
  });
  return seen;
}

const objects = lateFlights(100, 200)
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [flight, origin, distance, late] = line.split(',');
    return JSON.stringify({
      flight: Number(flight),
      origin,
      distance: Number(distance),
      late: late === 'true',
    });
  });

const second = [
  { name: 'b.csv', body: () => lateFlights(100, 200) },
  { name: 'b.jsonl', body: () => objects.join('\n') },
  {
    name: 'b.parquet',
    body: () =>
      parquet(
        `SELECT 100 + i AS flight, 'SFO' AS origin, 100 + i AS distance, i % 4 = 0 AS late FROM range(100) t(i)`,
      ),
  },
];

/** Three files as one batch, the second of which is bad; runs the execution that closes it. */
async function batchOf(name: string, body: string | Buffer, meddle = {}) {
  const model = region.newModel();
  const ingestion = { complete: 'marker', minimumRows: 50 };
  await region.onboard({ name: model, problem: 'binary', target: 'late', ingestion });
  for (const [path, content] of [
    ['a.csv', lateFlights(0, 100)],
    [name, body],
    ['c.csv', lateFlights(200, 300)],
  ] as const) {
    await region.run(await region.drop(model, `day/${path}`, content));
  }
  const end = await region.run(await region.drop(model, 'day/_SUCCESS', ''), meddle);
  return { model, end };
}

/** Files 1 and 3 are in the dataset, file 2 in quarantine. */
async function expectOnlySecondRejected(model: string, name: string, check: string): Promise<string> {
  expect(await region.dataset(model)).toMatchObject({ rows: 200 });
  const prefix = `quarantine/${model}/batch-00000001/`;
  expect(await region.list(prefix)).toEqual([
    `${prefix}files/day/${name}`,
    `${prefix}report.json`,
    `${prefix}report.md`,
  ]);
  const rejected = (await region.events(model)).find(({ type }) => type === 'data.rejected');
  expect(rejected).toMatchObject({ detail: { reasons: [{ check }] } });
  return region.text(`${prefix}report.md`);
}

describe('an error of the engine on the second of three files is that file’s', () => {
  it.each(second)('$name, whichever statement throws whatever', async ({ name, body }) => {
    const bytes = await body();
    const seen = failing(2, 0, new Error());
    await batchOf(name, bytes);
    vi.restoreAllMocks();
    expect(seen.count).toBeGreaterThan(5);

    // Of every kind of error one; `npm run test:long` has every statement.
    const kindOf = (statement: number) => String(statement % errors.length);
    const all = Array.from({ length: seen.count }, (_, index) => index + 1);
    for (const statement of sweep(all, { kindOf, salt: name })) {
      const make = errors[statement % errors.length];
      const error = make?.() ?? new Error();
      const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
      failing(2, statement, error);
      const { model, end } = await batchOf(name, bytes);

      expect(end, `statement ${statement}`).toMatchObject({ status: 'SUCCEEDED', output: { rejected: 1 } });
      const check = error.message.startsWith('Out of Memory') ? 'file-size' : 'could-not-be-read';
      const report = await expectOnlySecondRejected(model, name, check);
      expect(report).not.toMatch(/tidemark-scratch/);
      // Operators are alarmed by a metric, whose line says where to look and holds nothing of the data.
      const line = written.mock.calls
        .map(([text]) => String(text))
        .filter((text) => text.startsWith('{"_aws":'))
        .map((text) => JSON.parse(text))
        .find((each) => each.model === model);
      expect(line).toMatchObject({ UnforeseenFileErrors: 1, key: `incoming/${model}/day/${name}` });
      vi.restoreAllMocks();
    }
  });
});

it('a full disk is not the file’s fault: the task is tried again', async () => {
  failing(2, 3, new Error('IO Error: Could not write file "x": No space left on device'));
  const first = await batchOf('b.csv', lateFlights(100, 200));

  expect(first.end).toMatchObject({ status: 'SUCCEEDED' });
  expect(await region.dataset(first.model)).toMatchObject({ rows: 300 });
});

it('a file whose validation ends the process three times is set aside, and the other files go on', async () => {
  const { putOpened } = FileResults.prototype;
  const openings: number[] = [];
  // A process that was killed takes nothing back: what it wrote down before it opened the file stays.
  vi.spyOn(FileResults.prototype, 'putOpened').mockImplementation(async function (
    this: FileResults,
    ...given
  ) {
    const [, , { times, object }] = given;
    if (!object.key.endsWith('b.csv')) return putOpened.apply(this, given);
    if (times <= (openings.at(-1) ?? 0)) return;
    openings.push(times);
    await putOpened.apply(this, given);
  });
  const real = Database.with.bind(Database);
  let databases = 0;
  vi.spyOn(Database, 'with').mockImplementation((memory, use) => {
    databases += 1;
    const isKilled = databases >= 2 && databases <= 4;
    return real(memory, (database) => use(isKilled ? killed(database) : database));
  });

  const { model, end } = await batchOf('b.csv', lateFlights(100, 200));

  expect(end).toMatchObject({ status: 'SUCCEEDED' });
  expect(openings).toEqual([1, 2, 3]);
  const report = await expectOnlySecondRejected(model, 'b.csv', 'file-size');
  expect(report).toMatch(/ended 3 times without a result/);
});

/** A database whose first statement ends the task as a kill does: with an error that is not the file's. */
function killed(database: Database): Database {
  return new Proxy(database, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (!statements.has(name)) return value.bind(target);
      return () => Promise.reject(Object.assign(new Error('killed'), { code: 'EIO', syscall: 'read' }));
    },
  });
}

import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IngestRegion } from './ingest-region.ts';
import { lateFlights } from './late-flights.ts';
import { parquet } from './parquet.ts';

let region: IngestRegion;
beforeAll(async () => {
  region = await IngestRegion.start();
});
afterAll(() => region.stop());

/** One file as the first batch of a new model. @returns its dataset, which must be there. */
async function datasetOf(
  name: string,
  body: string | Buffer,
  definition: Readonly<Record<string, unknown>> = {},
) {
  const model = await region.newFileModel(definition);
  await region.run(await region.drop(model, name, body));
  const dataset = await region.dataset(model);
  const [report] = await region.list(`quarantine/${model}/batch-00000001/report.md`);
  if (dataset === undefined)
    throw new Error(`rejected: ${report ? await region.text(report) : 'without a report'}`);
  return { model, dataset };
}

const csv = lateFlights(0, 100);
const rows = csv
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => line.split(','));

function objectsOf(records: readonly string[][]) {
  return records.map(([flight, origin, distance, late]) => ({
    flight: Number(flight),
    origin,
    distance: Number(distance),
    late: late === 'true',
  }));
}

describe('the same rows are the same dataset', () => {
  const files: { title: string; name: string; body: () => string | Buffer | Promise<Buffer> }[] = [
    { title: 'with semicolons', name: 'a.csv', body: () => csv.replaceAll(',', ';') },
    { title: 'with tabs, whatever the name says', name: 'a.parquet', body: () => csv.replaceAll(',', '\t') },
    { title: 'with bars', name: 'a.txt', body: () => csv.replaceAll(',', '|') },
    {
      title: 'with a byte-order mark and Windows line ends',
      name: 'a.csv',
      body: () => `\ufeff${csv.replaceAll('\n', '\r\n')}`,
    },
    { title: 'with the line ends of old Macs', name: 'a.csv', body: () => csv.replaceAll('\n', '\r') },
    {
      title: 'with mixed line ends',
      name: 'a.csv',
      body: () => csv.replace(/\n/g, (_, at: number) => (at % 2 ? '\n' : '\r\n')),
    },
    { title: 'without an end of the last line', name: 'a.csv', body: () => csv.trimEnd() },
    { title: 'with blank lines at the end', name: 'a.csv', body: () => `${csv}\n\n` },
    { title: 'with everything in quotes', name: 'a.csv', body: () => csv.replaceAll(/[^,\n]+/g, '"$&"') },
    {
      title: 'with blanks around numbers and names',
      name: 'a.csv',
      body: () => csv.replaceAll(/,(\d+|distance),/g, ', $1 ,'),
    },
    { title: 'compressed', name: 'a.csv.gz', body: () => gzipSync(csv) },
    {
      title: 'with the rows turned round',
      name: 'a.csv',
      body: () => [csv.split('\n')[0], ...rows.toReversed().map(String)].join('\n'),
    },
    {
      title: 'with the columns turned round',
      name: 'a.csv',
      body: () =>
        csv
          .trimEnd()
          .split('\n')
          .map((line) => line.split(',').toReversed().join(','))
          .join('\n'),
    },
    {
      title: 'as JSON Lines',
      name: 'a.jsonl',
      body: () =>
        rows
          .map(
            ([flight, origin, distance, late]) =>
              `{"flight":${flight},"origin":"${origin}","distance":${distance},"late":${late}}`,
          )
          .join('\n'),
    },
    { title: 'as one array of JSON objects', name: 'a.json', body: () => JSON.stringify(objectsOf(rows)) },
    {
      title: 'as one array of JSON objects on lines, compressed',
      name: 'a.json.gz',
      body: () => gzipSync(JSON.stringify(objectsOf(rows), null, 2)),
    },
    {
      title: 'with a separator at the end of each line',
      name: 'a.csv',
      body: () => csv.replaceAll('\n', ',\n'),
    },
    {
      title: 'with three separators at the end of each line, and a column that counts the rows',
      name: 'a.csv',
      body: () =>
        csv
          .trimEnd()
          .split('\n')
          .map((line, row) => `${row === 0 ? '' : row};${line.replaceAll(',', ';')};; ;`)
          .join('\n'),
    },
    {
      title: 'with a column that counts the rows from 0, as pandas writes it',
      name: 'a.csv',
      body: () =>
        csv
          .trimEnd()
          .split('\n')
          .map((line, row) => `${row === 0 ? '' : row - 1},${line}`)
          .join('\n'),
    },
    {
      title: 'with a column that counts the rows from 1, as R writes it',
      name: 'a.csv',
      body: () =>
        csv
          .trimEnd()
          .split('\n')
          .map((line, row) => `${row === 0 ? '""' : row},${line}`)
          .join('\n'),
    },
    {
      title: 'as JSON Lines with numbers in quotes and names in any order',
      name: 'a.jsonl',
      body: () =>
        rows
          .map(([flight, origin, distance, late], index) =>
            index % 2
              ? `{"flight":"${flight}","origin":"${origin}","distance":${distance}.0,"late":${late}}`.replace(
                  '.0',
                  '',
                )
              : `{"late":${late},"distance":${distance},"origin":"${origin}","flight":${flight}}`,
          )
          .join('\r\n'),
    },
    {
      title: 'as Parquet, in narrower types',
      name: 'a.parquet',
      body: () =>
        parquet(
          `SELECT flight::UTINYINT AS flight, origin, distance::SMALLINT AS distance, late FROM (VALUES ${rows
            .map(([flight, origin, distance, late]) => `(${flight}, '${origin}', ${distance}, ${late})`)
            .join(', ')}) AS t(flight, origin, distance, late)`,
        ),
    },
  ];

  it.each(files)('$title', async ({ name, body }) => {
    const { dataset } = await datasetOf(name, await body());

    expect(dataset.datasetId).toBe((await plain()).datasetId);
    expect(dataset.rows).toBe(100);
  });

  let known: Awaited<ReturnType<typeof datasetOf>>['dataset'] | undefined;
  const plain = async () => {
    known ??= (await datasetOf('plain.csv', csv)).dataset;
    return known;
  };
});

describe('columns', () => {
  it('have the narrowest type that all of their values have, however late the first that tells', async () => {
    const lines = Array.from({ length: 3000 }, (_, row) => {
      const isLast = row === 2999;
      return [
        row % 2 === 0,
        row,
        isLast ? '1.5' : row,
        isLast ? 'x' : row,
        `0${row % 100}`,
        '2026-01-31',
        isLast ? '' : 'TRUE',
      ].join(',');
    });
    const { dataset } = await datasetOf(
      'a.csv',
      ['late,whole,number,mixed,code,day,flag', ...lines].join('\n'),
    );

    expect(Object.fromEntries(dataset.columns.map(({ name, type }) => [name, type]))).toEqual({
      late: 'boolean',
      whole: 'integer',
      number: 'number',
      mixed: 'string',
      code: 'string',
      day: 'timestamp',
      flag: 'boolean',
    });
  });

  it('keep quoted line breaks, quotes and delimiters', async () => {
    const tricky = csv.replace('\n5,SJC', '\n5,"San José, ""SJC""\nTerminal A"');
    const { model } = await datasetOf('a.csv', tricky);

    const row = (await region.rows(model)).find(({ flight }) => flight === '5');
    expect(row?.origin).toBe('San José, "SJC"\nTerminal A');
  });

  it('have missing values for what is spelled so, but not for what is quoted text', async () => {
    const spellings = ['NA,NA', 'DE,', 'DE,null', 'DE,NaN', '"NA","NA"', 'DE,7'];
    const lines = Array.from({ length: 60 }, (_, row) => `${spellings[row % 6]},${row % 2 === 0},${row}`);
    const { model, dataset } = await datasetOf('a.csv', ['country,code,late,n', ...lines].join('\n'));

    expect(dataset.columns).toContainEqual({ name: 'code', type: 'integer' });
    const counts = new Map<string, number>();
    for (const { country, code } of await region.rows(model)) {
      counts.set(`${country} ${code}`, (counts.get(`${country} ${code}`) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).toEqual({ 'DE 7': 10, 'DE null': 30, 'NA null': 10, 'null null': 10 });
  });

  it('hold times in UTC, whatever the offset they were written with', async () => {
    const times = [
      '2026-03-01T12:00:00Z',
      '2026-03-01 14:00:00+02',
      '2026-03-01T07:00:00-0500',
      '2026/03/01 12:00',
    ];
    const body = [
      'time,late,n',
      ...Array.from({ length: 60 }, (_, row) => `${times[row % 4]},${row % 3 === 0},${row}`),
    ].join('\n');
    const { model } = await datasetOf('a.csv', body);

    expect(new Set((await region.rows(model)).map(({ time }) => time))).toEqual(
      new Set(['2026-03-01 12:00:00']),
    );
  });

  it('are not stored when the definition leaves them out, nor looked at', async () => {
    const body = csv.replace('distance', 'secret').replace('\n9,SFO,433', '\n9,SFO,inf');
    const { dataset } = await datasetOf('a.csv', body, { features: { exclude: ['secret'] } });

    expect(dataset.columns.map(({ name }) => name)).toEqual(['flight', 'origin', 'late']);
  });
});

describe('rows', () => {
  it('without a target are left out, and the event says how many', async () => {
    const body = csv.replaceAll(/\n([0-4],.*,)(true|false)/g, '\n$1');
    const { model, dataset } = await datasetOf('a.csv', body);

    expect(dataset.rows).toBe(95);
    const [event] = await region.events(model);
    expect(event?.detail.message).toMatch(/5 rows without a target left out/);
  });

  it('stand on their sides by time when the definition names one: the oldest train, the newest are held out', async () => {
    // 20 days of 10 rows each, in disorder.
    const body = [
      'day,late,n',
      ...Array.from({ length: 200 }, (_, row) => {
        const day = String(1 + ((row * 7) % 20)).padStart(2, '0');
        return `2026-05-${day},${row % 3 === 0},${row}`;
      }),
    ].join('\n');
    const { model, dataset } = await datasetOf('a.csv', body, { time: 'day' });

    expect(dataset.splitMethod).toBe('time');
    expect(dataset.splitRows).toEqual({ train: 140, validation: 30, holdout: 30 });
    const sides = new Map((await region.rows(model)).map(({ day, _split }) => [day, _split]));
    const order = [...sides].toSorted().map(([, side]) => side);
    expect(order.join(' ')).toMatch(/^(train ){14}(validation ){3}(holdout ?){3}$/);
  });

  it('of one instant stay together even where that leaves the hold-out small', async () => {
    const body = [
      'day,late,n',
      ...Array.from({ length: 200 }, (_, row) => {
        const day = row === 0 ? '01' : row === 1 ? '02' : '03';
        return `2026-05-${day},${row % 3 === 0},${row}`;
      }),
    ].join('\n');
    const { dataset } = await datasetOf('a.csv', body, { time: 'day' });

    expect(dataset.splitRows).toEqual({ train: 1, validation: 1, holdout: 198 });
  });
});

it('the profile that a batch was judged by is kept where the manifest says', async () => {
  const { dataset } = await datasetOf('a.csv', csv);

  const { profile } = JSON.parse(await region.text(dataset.profileKey));
  expect(profile.rows).toBe(100);
  expect(profile.columns).toContainEqual(
    expect.objectContaining({
      name: 'flight',
      type: 'integer',
      missing: 0,
      minimum: 0,
      maximum: 99,
      moments: { n: 100, mean: 49.5, m2: expect.closeTo(83_325, 6) },
    }),
  );
  expect(profile.columns).toContainEqual(
    expect.objectContaining({
      name: 'origin',
      distinct: { estimate: 3, standardError: 0, registers: null },
      top: expect.objectContaining({
        complete: true,
        values: expect.arrayContaining([['SFO', 34]]),
      }),
    }),
  );
});

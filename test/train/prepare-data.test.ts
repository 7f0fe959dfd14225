import { readFile } from 'node:fs/promises';
import { csvLine, encodeRow } from '@tidemark/domain/datasets/encoding.ts';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { identifier, literal } from '@tidemark/statistics/tables/sql.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  fitData,
  type LocalDataset,
  type PreparedFiles,
  writeHoldoutFeatures,
  writeSplits,
} from '../../functions/train/prepare-data.ts';

/** Flights that the npm package brings. */
const sampleData = 'node_modules/vega-datasets/data';

const inDatabase = <T>(use: (database: Database) => Promise<T>) => Database.with(1769, use, [sampleData]);

const flightColumns: Column[] = [
  { name: 'date', type: 'timestamp' },
  { name: 'delay', type: 'integer' },
  { name: 'distance', type: 'integer' },
  { name: 'origin', type: 'string' },
  { name: 'destination', type: 'string' },
];

/** Real flights, cut into files of `partRows`; every tenth row for validation and every fifth for the hold-out. */
async function flights(database: Database, rows: number, partRows: number): Promise<LocalDataset> {
  const partPaths: string[] = [];
  for (let first = 0; first < rows; first += partRows) {
    const path = database.path(`part-${first}.parquet`);
    partPaths.push(path);
    await database.writeParquet(
      `SELECT *, CASE WHEN n % 5 = 0 THEN 'holdout' WHEN n % 10 = 1 THEN 'validation' ELSE 'train' END AS _split, n::UBIGINT AS _row
       FROM (SELECT *, row_number() OVER () + ${first} AS n FROM '${sampleData}/flights-3m.parquet' OFFSET ${first} LIMIT ${Math.min(partRows, rows - first)})`,
      path,
    );
  }
  return { columns: flightColumns, partPaths };
}

/** A dataset from VALUES; the last two columns are not given, each row being on the side that is said. */
async function dataset(database: Database, columns: Column[], select: string): Promise<LocalDataset> {
  const path = database.path('part.parquet');
  await database.writeParquet(select, path);
  return { columns, partPaths: [path] };
}

const lateFlights = definitionSchema.parse({
  name: 'flight-delay',
  problem: 'binary',
  target: { column: 'delay', above: 15 },
});

const linesOf = async (path: string) => (await readFile(path, 'utf8')).trimEnd().split('\n');

async function prepare(database: Database, data: LocalDataset, definition = lateFlights) {
  const fitted = await fitData(database, definition, data);
  const files: PreparedFiles = await writeSplits(database, data, fitted.encoding);
  return { ...fitted, files };
}

describe('a window of days', () => {
  const windowed = (windowDays: number) =>
    definitionSchema.parse({
      ...lateFlights,
      target: { column: 'delay', above: 15 },
      time: 'date',
      retraining: { data: 'window', windowDays },
    });
  const countSince = async (database: Database, { partPaths: [path = ''] }: LocalDataset, days: number) => {
    const [{ rows = 0 } = {}] = await database.rows(
      `SELECT count(*)::DOUBLE AS rows FROM ${literal(path)}
       WHERE date >= (SELECT max(date) - INTERVAL ${days} DAY FROM ${literal(path)})`,
      z.record(z.string(), z.number()),
    );
    return rows;
  };

  it('holds the rows of every side that lie in it, and says how many do not', () =>
    inDatabase(async (database) => {
      const data = await flights(database, 60_000, 60_000);
      const expected = await countSince(database, data, 2);

      const { rows, notes } = await fitData(database, windowed(2), data);

      expect(expected).toBeGreaterThan(1000);
      expect(rows.train + rows.validation + rows.holdout).toBe(expected);
      expect(notes[0]).toContain(`${60_000 - expected} rows from before`);
    }));

  it('that is longer than the data leaves nothing out, and says nothing', () =>
    inDatabase(async (database) => {
      const data = await flights(database, 4000, 4000);

      const { rows, notes } = await fitData(database, windowed(3650), data);

      expect(rows.train + rows.validation + rows.holdout).toBe(4000);
      expect(notes.join()).not.toContain('rows from before');
    }));

  it('needs times', () =>
    inDatabase(async (database) => {
      const data = await flights(database, 4000, 4000);
      const definition = { ...windowed(2), time: 'distance' };

      await expect(fitData(database, definition, data)).rejects.toThrow(/no timestamps in distance/);
    }));
});

describe('prepared flights', () => {
  it('have a label and a number or nothing for each encoded column, row for row as counted', () =>
    inDatabase(async (database) => {
      const { files, encoding, rows } = await prepare(database, await flights(database, 10_000, 4000));

      const train = await linesOf(files.train);
      const holdout = await linesOf(files.holdoutFeatures);

      expect(rows).toEqual({ train: 7000, validation: 1000, holdout: 2000 });
      expect([train.length, (await linesOf(files.validation)).length, holdout.length]).toEqual([
        7000, 1000, 2000,
      ]);
      const field = '(-?\\d+(\\.\\d+)?(e[+-]\\d+)?)?';
      const features = Array(encoding.encodedColumns.length).fill(field).join(',');
      expect(train.filter((line) => !new RegExp(`^[01],${features}$`).test(line))).toEqual([]);
      expect(holdout.filter((line) => !new RegExp(`^${features}$`).test(line))).toEqual([]);
    }));

  it('are in one order in every file of the hold-out, though read from several parts by several threads', () =>
    inDatabase(async (database) => {
      const data = await flights(database, 60_000, 9000);
      const { files, encoding } = await prepare(database, data);

      const raw = await database.rows(
        `SELECT _label, date::VARCHAR AS date, distance, origin, destination FROM ${literal(files.holdoutRows)}`,
        z.record(z.string(), z.unknown()),
      );
      const again = database.path('again.csv');
      await writeHoldoutFeatures(database, files.holdoutRows, data.columns, encoding, again);
      const lines = await linesOf(files.holdoutFeatures);

      expect(await linesOf(again)).toEqual(lines);
      // The same function that a caller of the endpoint uses, on what a caller has.
      expect(raw.map((record) => csvLine(encodeRow(encoding, record)))).toEqual(lines);
    }));

  it('are encoded by what the training rows say, and by nothing else', () =>
    inDatabase(async (database) => {
      const data = await flights(database, 20_000, 20_000);
      const { encoding } = await fitData(database, lateFlights, data);
      const [{ rows = 0, late = 0, all = 0 } = {}] = await database.rows(
        `SELECT count(*) FILTER (origin = 'ATL')::DOUBLE AS rows, (count(*) FILTER (origin = 'ATL' AND delay > 15))::DOUBLE AS late,
         avg((delay > 15)::INT) AS "all" FROM ${literal(data.partPaths[0] ?? '')} WHERE _split = 'train'`,
        z.record(z.string(), z.number()),
      );

      const origin = encoding.features.find(({ column }) => column === 'origin');

      expect(origin?.kind === 'category' && origin.values.ATL).toBeCloseTo(
        (late + 20 * all) / (rows + 20),
        8,
      );
      expect(origin?.kind === 'category' && origin.other).toBeCloseTo(all, 8);
    }));
});

/** Texts that break things: quotes, commas, line ends, other scripts, SQL, prototypes. */
const weird = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    ',',
    '"',
    "'",
    '\n',
    '\r\n',
    'NULL',
    '__proto__',
    'constructor',
    '東京',
    '🛫',
    "'; DROP TABLE x; --",
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replaceAll('\0', '')),
);
const record = fc.record({
  number: fc.option(fc.double({ noNaN: true, min: -3.4e38, max: 3.4e38 })),
  integer: fc.option(fc.maxSafeInteger()),
  flag: fc.option(fc.boolean()),
  text: fc.option(weird),
  time: fc.option(fc.date({ min: new Date('1800-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })),
});
type RawRecord = typeof record extends fc.Arbitrary<infer T> ? T : never;

const rawColumns: Column[] = [
  { name: 'number', type: 'number' },
  { name: 'integer', type: 'integer' },
  { name: 'flag', type: 'boolean' },
  { name: 'text', type: 'string' },
  { name: 'time', type: 'timestamp' },
];

function sqlRow({ number, integer, flag, text, time }: RawRecord, index: number): string {
  const values = [
    number === null ? 'NULL::DOUBLE' : `'${number}'::DOUBLE`,
    integer === null ? 'NULL::BIGINT' : `${integer}::BIGINT`,
    flag === null ? 'NULL::BOOLEAN' : String(flag),
    // As ingest writes it: without blanks around it, and nothing where nothing is left.
    text === null || text.trim() === '' ? 'NULL::VARCHAR' : literal(text.trim()),
    time === null
      ? 'NULL::TIMESTAMP'
      : `TIMESTAMP '${time.toISOString().replace('T', ' ').replace('Z', '')}'`,
  ];
  const named = values.map((value, at) => `${value} AS ${identifier(rawColumns[at]?.name ?? '')}`).join(', ');
  const side = ['train', 'validation', 'holdout'][index % 3];
  return `SELECT ${named}, ${index % 2} AS target, '${side}' AS _split, ${index}::UBIGINT AS _row`;
}

describe('a row from DuckDB and the same record as JSON', () => {
  it('are encoded to the same text, whatever they hold', async () => {
    // Every text often enough to be known, by repeating the rows; so many rows that each side has its share.
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 3, maxLength: 12 }), async (few) => {
        const records = Array.from(
          { length: 180 },
          (_, index) => few[Math.floor(index / 6) % few.length],
        ).filter((each) => each !== undefined);
        await inDatabase(async (database) => {
          const columns: Column[] = [...rawColumns, { name: 'target', type: 'integer' }];
          const select = records.map(sqlRow).join(' UNION ALL ');
          const data = await dataset(database, columns, select);
          const definition = definitionSchema.parse({ name: 'any', problem: 'binary', target: 'target' });
          const fitted = await fitData(database, definition, data).catch((error: Error) => error);
          // All records may be alike.
          if (fitted instanceof Error) return expect(fitted.message).toMatch(/^There is no column left/);
          const files = await writeSplits(database, data, fitted.encoding);

          const asJson: Record<string, unknown>[] = JSON.parse(
            JSON.stringify(records.filter((_, index) => index % 3 === 2)),
          );
          expect(await linesOf(files.holdoutFeatures)).toEqual(
            asJson.map((each) => csvLine(encodeRow(fitted.encoding, each))),
          );
        });
      }),
      { numRuns: 25 },
    );
  });
});

describe('rows that cannot be used', () => {
  const classes = [
    { name: 'size', type: 'number' },
    { name: 'kind', type: 'string' },
  ] satisfies Column[];
  const kinds = definitionSchema.parse({ name: 'any', problem: 'multiclass', target: 'kind' });
  const select = `
    SELECT i * 1.5 AS size, CASE WHEN i % 3 = 0 THEN 'a' ELSE 'b' END AS kind,
      ['train', 'validation', 'holdout'][i % 3 * 0 + i // 100 + 1] AS _split, i::UBIGINT AS _row FROM range(300) t(i)
    UNION ALL SELECT 1.0, 'new', 'validation', 900 UNION ALL SELECT 2.0, 'new', 'holdout', 901`;

  it('of a class that training has not seen are left out of validation, miss in the hold-out, and are told of', () =>
    inDatabase(async (database) => {
      const { files, rows, notes, encoding } = await prepare(
        database,
        await dataset(database, classes, select),
        kinds,
      );

      expect(encoding.target.classes).toEqual(['a', 'b']);
      expect(rows).toEqual({ train: 100, validation: 100, holdout: 101 });
      expect(await linesOf(files.validation)).toHaveLength(100);
      expect(await linesOf(files.holdoutFeatures)).toHaveLength(101);
      expect(notes).toEqual([
        '1 validation rows were left out: their class is not among the training rows.',
        '1 hold-out rows are of a class that is not among the training rows, and count as misses.',
      ]);
    }));

  it('of a single column are written with a comma, which SageMaker’s XGBoost looks for', () =>
    inDatabase(async (database) => {
      const { files, encoding } = await prepare(database, await dataset(database, classes, select), kinds);

      expect(encoding.encodedColumns).toEqual(['size', 'size (again)']);
      expect((await linesOf(files.holdoutFeatures))[0]).toBe('300,300');
    }));
});

describe('a column that gives the answer away', () => {
  it('is warned of and kept', () =>
    inDatabase(async (database) => {
      const columns: Column[] = [
        { name: 'delay', type: 'integer' },
        { name: 'arrival', type: 'number' },
        { name: 'verdict', type: 'string' },
        { name: 'honest', type: 'number' },
      ];
      const data = await dataset(
        database,
        columns,
        `SELECT i % 40 AS delay, i % 40 + 0.5 AS arrival, CASE WHEN i % 40 > 15 THEN 'late' ELSE 'fine' END AS verdict,
         (i * 7919) % 101 AS honest, CASE WHEN i % 4 = 0 THEN 'holdout' WHEN i % 4 = 1 THEN 'validation' ELSE 'train' END AS _split,
         i::UBIGINT AS _row FROM range(2000) t(i)`,
      );

      const { findings, encoding } = await fitData(database, lateFlights, data);
      const warnings = findings.map(({ sentence }) => sentence);

      expect(warnings).toHaveLength(2);
      expect(warnings[0]).toMatch(
        /^`arrival` alone gives the answer away .* do not overlap\. .* `features\.exclude: \[arrival\]`/,
      );
      expect(warnings[1]).toMatch(/^`verdict` alone .*one answer only/);
      expect(encoding.features.map(({ column }) => column)).toEqual(['arrival', 'verdict', 'honest']);
    }));

  it('is warned of in regression too, beside numbers as large as training can hold', () =>
    inDatabase(async (database) => {
      const columns: Column[] = [
        { name: 'price', type: 'number' },
        { name: 'euros', type: 'number' },
        { name: 'huge', type: 'number' },
        { name: 'other', type: 'integer' },
      ];
      const data = await dataset(
        database,
        columns,
        `SELECT i * 1.0 AS price, i * 0.92 + 3 AS euros, CASE WHEN i % 2 = 0 THEN 3e38 ELSE 1 END AS huge, (i * 7919) % 101 AS other,
         ['train', 'validation', 'holdout'][i % 3 + 1] AS _split, i::UBIGINT AS _row FROM range(600) t(i)`,
      );
      const definition = definitionSchema.parse({ name: 'any', problem: 'regression', target: 'price' });

      const { findings, trainingLabels } = await fitData(database, definition, data);

      expect(findings.map(({ sentence }) => sentence)).toEqual([
        expect.stringMatching(/^`euros` alone .*correlation with the target is 1\b/),
      ]);
      expect(trainingLabels).toEqual({ kind: 'numbers', mean: 298.5 });
    }));
});

describe('columns', () => {
  it('may have the names that our own queries use, and characters that SQL uses', () =>
    inDatabase(async (database) => {
      const names = ['value', 'rows', 'text', 'label', 'split', 'meanLabel', 'say "x"', "it's", 'a.b', '列'];
      const columns: Column[] = [
        ...names.map((name) => ({ name, type: 'string' as const })),
        { name: 'SELECT', type: 'string' },
      ];
      const values = columns.map(
        ({ name }, index) => `'v' || (i * ${index + 3}) % 17 AS ${identifier(name)}`,
      );
      const data = await dataset(
        database,
        columns,
        `SELECT ${values.join(', ')}, ['train', 'validation', 'holdout'][i % 3 + 1] AS _split, i::UBIGINT AS _row FROM range(600) t(i)`,
      );
      const definition = definitionSchema.parse({
        name: 'any',
        problem: 'binary',
        target: { column: 'SELECT', positive: 'v1' },
      });

      const { encoding } = await prepare(database, data, definition);

      expect(encoding.encodedColumns).toEqual(names);
      expect(encoding.target.classes).toEqual(['not v1', 'v1']);
    }));
});

describe('a wide dataset', () => {
  it('of 1,000 columns is fitted and written', () =>
    inDatabase(async (database) => {
      const names = Array.from({ length: 1000 }, (_, index) => `c${index}`);
      const columns: Column[] = [
        ...names.map((name) => ({ name, type: 'integer' as const })),
        { name: 'y', type: 'boolean' },
      ];
      const values = names.map((name, index) => `hash(i, ${index}) % 2003 AS ${name}`).join(', ');
      const data = await dataset(
        database,
        columns,
        `SELECT ${values}, i % 7 = 0 AS y, ['train', 'validation', 'holdout'][i % 3 + 1] AS _split, i::UBIGINT AS _row FROM range(300) t(i)`,
      );
      const definition = definitionSchema.parse({ name: 'any', problem: 'binary', target: 'y' });

      const { files, encoding } = await prepare(database, data, definition);

      expect(encoding.encodedColumns).toHaveLength(1000);
      expect((await linesOf(files.train))[0]?.split(',')).toHaveLength(1001);
    }));
});

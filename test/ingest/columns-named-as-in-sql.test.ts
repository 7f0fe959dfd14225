import { readFile, writeFile } from 'node:fs/promises';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { literal } from '@tidemark/statistics/tables/sql.ts';
import { describe, expect, it } from 'vitest';
import { columnsWithType } from '../../functions/ingest/schema-rules.ts';
import { validateFile } from '../../functions/ingest/validate-file.ts';
import { fitData, writeSplits } from '../../functions/train/prepare-data.ts';
import { keywords, namesGiven, sqlTexts } from '../support/sql-names.ts';
import { sweep } from '../support/sweep.ts';

/** Names that our SQL gives and words that it uses: the sources are read, so that a new one is covered by itself. */
const own = [
  ...new Set([...sqlTexts().flatMap(namesGiven), ...keywords()].map((name) => name.toLowerCase())),
];
const spellings = [(name: string) => name, (name: string) => name.toUpperCase(), capitalised];

function capitalised(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

const formats = ['csv', 'json-lines', 'parquet'] as const;
type Format = (typeof formats)[number];

/** Over the formats, each name is spelled in each way. */
function spelledIn(format: Format): (name: string, index: number) => string {
  return (name, index) => spellings[(index + formats.indexOf(format)) % spellings.length]?.(name) ?? name;
}

/** Columns by what they are for, so that a name can be given to each. */
interface Names {
  readonly target: string;
  readonly time: string;
  readonly segment: string;
  readonly features: readonly string[];
}

const rows = 300;

function sqlOf({ target, time, segment, features }: Names): string {
  const values = features.map((name, index) => {
    const noise = `(hash(i * 1009 + ${index}) % 1000)`;
    const value = [`${noise} / 7.0`, `${noise}::BIGINT`, `'c' || (${noise} % 5)`][index % 3] ?? '';
    return `${value} AS ${quoted(name)}`;
  });
  const fixed = [
    `CASE WHEN hash(i) % 2 = 0 THEN 'yes' ELSE 'no' END AS ${quoted(target)}`,
    `TIMESTAMP '2026-01-01' + INTERVAL 1 HOUR * i::INTEGER AS ${quoted(time)}`,
    `'s' || (i % 3) AS ${quoted(segment)}`,
  ];
  return `SELECT ${[...fixed, ...values].join(', ')} FROM range(${rows}) t(i)`;
}

function quoted(name: string): string {
  return `"${name}"`;
}

/** What ingest and the preparation of a training make of the file, with names taken out. */
async function outcomeOf(names: Names, format: Format) {
  return Database.with(1769, async (database) => {
    const path = database.path('file');
    const options =
      format === 'csv' ? 'FORMAT csv, HEADER' : format === 'parquet' ? 'FORMAT parquet' : 'FORMAT json';
    await database.run(`COPY (${sqlOf(names)}) TO ${literal(path)} (${options})`);
    const { target, time, segment } = names;
    const definition = definitionSchema.parse({
      name: 'named',
      problem: 'binary',
      target,
      time,
      segments: [segment],
      retraining: { data: 'window', windowDays: 20 },
    });
    const {
      columns,
      part,
      profile,
      target: summary,
    } = await validateFile(database, path, definition, undefined);
    const local = { columns: columnsWithType(columns), partPaths: [part.path] };
    const fitted = await fitData(database, definition, local);
    const files = await writeSplits(database, local, fitted.encoding);
    return {
      types: columns.map(({ type }) => type),
      splitRows: part.splitRows,
      profile: profile.columns.map(({ name, ...rest }) => rest),
      summary,
      features: fitted.encoding.features.map(({ column, ...rest }) => rest),
      train: await readFile(files.train, 'utf8'),
      features_: await readFile(files.holdoutFeatures, 'utf8'),
    };
  });
}

const harmless: Names = {
  target: 'harmless target',
  time: 'harmless time',
  segment: 'harmless segment',
  features: ['harmless a'],
};

describe('a column may be called as anything in our SQL', () => {
  it.each(formats)('as a feature, in %s', async (format) => {
    const names = sweep(own, { size: 30, salt: format });
    const plain = { ...harmless, features: names.map((_, index) => `harmless ${index}`) };
    const expected = await outcomeOf(plain, format);
    const outcome = await outcomeOf({ ...plain, features: names.map(spelledIn(format)) }, format);
    expect(outcome).toEqual(expected);
  });

  it('as the target, the time or a segment', async () => {
    const expected = await outcomeOf(harmless, 'csv');
    for (const name of sweep(own, { size: 10 })) {
      const other = (by: number) => own[(own.indexOf(name) + by) % own.length] ?? '';
      const names = { ...harmless, target: name, time: other(1), segment: other(2) };
      expect(await outcomeOf(names, 'csv'), JSON.stringify(names)).toEqual(expected);
    }
  });

  it('but not with the beginning that names of ours have', async () => {
    await Database.with(1769, async (database) => {
      const path = database.path('file');
      await writeFile(path, 'late,_Tidemark_x\nyes,1\nno,2\n');
      const definition = definitionSchema.parse({ name: 'named', problem: 'binary', target: 'late' });
      await expect(validateFile(database, path, definition, undefined)).rejects.toThrow(
        /datasets use themselves/,
      );
    });
  });
});

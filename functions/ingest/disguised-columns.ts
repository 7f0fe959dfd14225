import { z } from 'zod';
import { type Disguise, disguiseOf, type Looks, looksLikeSql } from '../datasets/disguises.ts';
import { type Database, wholeNumber } from '../datasets/duckdb.client.ts';
import { literal } from '../datasets/sql.ts';
import { code, counted, say } from '../sentence.ts';
import { examplesOf, type TypedColumn } from './column-types.ts';
import type { DataWarning } from './data-warning.schema.ts';
import type { SourceColumn } from './source-column.ts';
import type { SourceFile } from './source-file.ts';

/** Rows that tell which columns are worth counting whole: the share in so many is within one percentage point of that in all. */
const sampledRows = 10_000;
/** So that no column is missed for it. */
const shareInSample = 0.93;

const columnsPerQuery = 30;

/** Text columns that nearly everywhere hold numbers, times or truth values: a few stray texts made a text of each. */
export async function disguisedColumns(
  database: Database,
  file: SourceFile,
  columns: readonly TypedColumn[],
): Promise<DataWarning[]> {
  const texts = columns.flatMap(({ type, source }) =>
    type === 'string' && source.declared === undefined ? [source] : [],
  );
  const sample = `(SELECT * FROM ${file.relation} USING SAMPLE reservoir(${sampledRows} ROWS) REPEATABLE (1))`;
  const likely = (await looks(database, sample, texts)).filter(
    (each) => disguiseOf(each.looks, shareInSample) !== undefined,
  );
  const counts = await looks(
    database,
    file.relation,
    likely.map(({ source }) => source),
  );
  const warnings: DataWarning[] = [];
  for (const { source, looks: found } of counts) {
    const disguise = disguiseOf(found);
    if (disguise !== undefined) warnings.push(await warningOf(database, file, source, disguise, found));
  }
  return warnings;
}

async function looks(
  database: Database,
  relation: string,
  sources: readonly SourceColumn[],
): Promise<{ source: SourceColumn; looks: Looks }[]> {
  const found: { source: SourceColumn; looks: Looks }[] = [];
  const kinds = ['number', 'time', 'boolean', 'code', 'text'] as const;
  for (let first = 0; first < sources.length; first += columnsPerQuery) {
    const some = sources.slice(first, first + columnsPerQuery);
    const fields = some.map(({ value }, index) => `${looksLikeSql(value)} AS _looks_${index}`);
    const counted = some.flatMap((_, index) =>
      kinds.map((kind) => `count(*) FILTER (WHERE _looks_${index} = ${literal(kind)}) AS _${kind}_${index}`),
    );
    const row = await database.row(
      `SELECT ${counted.join(', ')} FROM (SELECT ${fields.join(', ')} FROM ${relation})`,
      z.record(z.string(), wholeNumber),
    );
    for (const [index, source] of some.entries()) {
      const count = (kind: (typeof kinds)[number]) => row[`_${kind}_${index}`] ?? 0;
      const counts = {
        number: count('number'),
        time: count('time'),
        boolean: count('boolean'),
        code: count('code'),
        text: count('text'),
      };
      found.push({ source, looks: counts });
    }
  }
  return found;
}

const nouns = { number: 'numbers', time: 'times', boolean: 'truth values' } as const satisfies Record<
  Disguise,
  string
>;
const plain = {
  number: say`with digits and a decimal point alone, such as 1234.5`,
  time: say`in ISO 8601, or say how they are spelled under \`format\``,
  boolean: say`as true and false`,
} as const satisfies Record<Disguise, unknown>;

async function warningOf(
  database: Database,
  file: SourceFile,
  source: SourceColumn,
  disguise: Disguise,
  found: Looks,
): Promise<DataWarning> {
  const { name, value } = source;
  const present = Object.values(found).reduce((sum, count) => sum + count, 0);
  const strangers = present - found[disguise];
  const isStranger = `coalesce(${looksLikeSql(value)} ${strangers > 0 ? '<>' : '='} ${literal(disguise)}, false)`;
  const examples = await examplesOf(database, file, source, isStranger);
  const rows = examples.map(({ where }) => Number(where.replace(/^\D+/, '')));
  const those =
    strangers > 0
      ? say`${counted(strangers, 'value')} made it a text, the first in row ${rows[0] ?? 0}`
      : say`they are spelled otherwise, the first in row ${rows[0] ?? 0}, or the file calls them texts`;
  return {
    code: `${disguise}-as-text`,
    column: name,
    present,
    strangers,
    rows,
    what: say`${code(name)} is read as text, though ${found[disguise]} of ${present} values look like ${nouns[disguise]}: ${those}.`,
    remedy: say`Write them ${plain[disguise]}, list spellings of a missing value under ${code(`columns.${name}.missing`)} with ${code(`type: ${disguise}`)}, and drop all data again with \`ingestion.mode: replace\`; or say ${code('type: text')} there if it is one.`,
    examples,
  };
}

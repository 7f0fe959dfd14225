import { z } from 'zod';
import { partHashOf } from '../datasets/dataset-identity.ts';
import { type Database, wholeNumber } from '../datasets/duckdb.client.ts';
import {
  type Column,
  type Part,
  type RowHashSums,
  type SplitRows,
  splitNames,
} from '../datasets/manifest.schema.ts';
import { canonicalText, rowHash, rowHashColumn, splitColumn } from '../datasets/row-hash.ts';
import { splitByEntity, splitByHash, splitByTime, type TimeCuts } from '../datasets/split.ts';
import { identifier, literal, sqlTypes } from '../datasets/sql.ts';
import type { Definition } from '../definition/definition.schema.ts';
import { code, counted, say } from '../sentence.ts';
import type { TypedColumn } from './column-types.ts';
import type { RowSample, TargetSummary } from './file-result.schema.ts';
import { unacceptable } from './problem.ts';
import type { SourceFile } from './source-file.ts';

/** A part on scratch disk. */
export interface WrittenPart extends Omit<Part, 'object' | 'sources'> {
  readonly path: string;
  /** What is stored, in canonical types; a column without values stands as text. */
  readonly columns: readonly Column[];
}

/** Hashes that a sample keeps: an estimated share is then good to some 3 percentage points (1 / sqrt(1024)). */
const sampledHashes = 1024;

/** Values of the target that are kept: one more than the classes a model may have, to tell that there are too many. */
export const keptTargetValues = 101;

/**
 * Writes the labelled rows in canonical types, each with its hash and its side of the split.
 * @throws UnacceptableFileError when no row can be used, or the time cannot split them
 */
export async function writePart(
  database: Database,
  file: SourceFile,
  typed: readonly TypedColumn[],
  definition: Definition,
): Promise<WrittenPart> {
  const columns = typed.map(({ source: { name }, type }) => ({ name, type: type ?? ('string' as const) }));
  const target = identifier(definition.target.column);
  const canonical = typed.map(canonicalColumn).join(', ');
  const labelled = `(SELECT * FROM (SELECT ${canonical} FROM ${file.relation}) WHERE ${target} IS NOT NULL)`;
  const split = await splitOf(database, labelled, columns, definition);
  const path = database.path('part.parquet');
  await database.writeParquet(
    `SELECT *, ${split} AS ${splitColumn} FROM (SELECT *, ${rowHash(columns)} AS ${rowHashColumn} FROM ${labelled})`,
    path,
  );
  const sides = await sidesOf(database, path);
  const rows = splitNames.reduce((total, side) => total + sides.splitRows[side], 0);
  if (rows === 0) throw withoutLabels(definition.target.column, file.rows);
  const missingInTexts = [...new Set(typed.flatMap(({ source }) => source.missingTexts ?? []))];
  return { path, columns, rows, ...sides, partHash: partHashOf(columns, sides), missingInTexts };
}

function canonicalColumn({ source, reading, type }: TypedColumn): string {
  const value = reading === undefined || type === null ? `NULL::${sqlTypes.string}` : reading.value;
  return `${value} AS ${identifier(source.name)}`;
}

async function splitOf(
  database: Database,
  relation: string,
  columns: readonly Column[],
  { time, entity, split }: Pick<Definition, 'time' | 'entity' | 'split'>,
): Promise<string> {
  const entityColumn = columns.find(({ name }) => name === entity);
  if (entityColumn) return splitByEntity(entityColumn, split);
  if (time === undefined) return splitByHash(split);
  return splitByTime(time, await timeCuts(database, relation, time, split));
}

/**
 * Cuts at the quantiles of time, moved to an earlier instant where needed, so that there are rows after each cut.
 * @throws UnacceptableFileError when a row has no time, or there are fewer than three different instants
 */
async function timeCuts(
  database: Database,
  relation: string,
  timeColumn: string,
  { validation, holdout }: Definition['split'],
): Promise<TimeCuts> {
  const time = identifier(timeColumn);
  const instant = z.string().nullable();
  const facts = await database.row(
    `SELECT count(*) - count(${time}) AS missing, max(${time})::VARCHAR AS latest,
       quantile_disc(${time}, ${1 - holdout})::VARCHAR AS second,
       quantile_disc(${time}, ${1 - holdout - validation})::VARCHAR AS first FROM ${relation}`,
    z.object({ missing: wholeNumber, latest: instant, second: instant, first: instant }),
  );
  if (facts.missing > 0) throw missingTimes(timeColumn, facts.missing);
  /** The cut itself if it is before the limit, else the last instant before the limit. */
  const cutBefore = async (cut: string | null, limit: string | null) => {
    if (cut === null || limit === null) return null;
    const atMost = `${time} <= TIMESTAMP ${literal(cut)} AND ${time} < TIMESTAMP ${literal(limit)}`;
    const query = `SELECT max(${time})::VARCHAR AS cut FROM ${relation} WHERE ${atMost}`;
    return (await database.row(query, z.object({ cut: instant }))).cut;
  };
  const second = await cutBefore(facts.second, facts.latest);
  const first = await cutBefore(facts.first, second);
  if (facts.latest !== null && (first === null || second === null)) throw constantTime(timeColumn);
  // Without any labelled row there is nothing to cut, and the caller says so.
  return { train: first ?? 'epoch', validation: second ?? 'epoch' };
}

function missingTimes(time: string, rows: number) {
  return unacceptable(
    'time-missing',
    say`${code(time)} is missing in ${counted(rows, 'row')}.`,
    say`The definition names it as \`time\`: a row without a time belongs to no side of the split.`,
    say`Fill in the times or leave the rows out; without \`time\` in the definition, rows are split by their content.`,
  );
}

function constantTime(time: string) {
  return unacceptable(
    'time-constant',
    say`${code(time)} has fewer than three different times in this file.`,
    say`Rows are split by time into training, validation and hold-out, and rows of one instant stay together.`,
    say`Drop files that span more time, or leave \`time\` out of the definition: rows are then split by their content.`,
  );
}

async function sidesOf(
  database: Database,
  path: string,
): Promise<{ splitRows: SplitRows; rowHashSums: RowHashSums }> {
  const sides = await database.rows(
    `SELECT ${splitColumn} AS side, count(*) AS rows, sum(${rowHashColumn})::VARCHAR AS sum
     FROM read_parquet(${literal(path)}) GROUP BY 1`,
    z.object({ side: z.enum(splitNames), rows: wholeNumber, sum: z.string() }),
  );
  const of = (name: (typeof splitNames)[number]) =>
    sides.find(({ side }) => side === name) ?? { rows: 0, sum: '0' };
  const [train, validation, holdout] = [of('train'), of('validation'), of('holdout')];
  return {
    splitRows: { train: train.rows, validation: validation.rows, holdout: holdout.rows },
    rowHashSums: { train: train.sum, validation: validation.sum, holdout: holdout.sum },
  };
}

/** What the batch is judged by, besides the profile. */
export async function measurePart(
  database: Database,
  part: WrittenPart,
  definition: Definition,
): Promise<{ distinctRows: number; rowSample: RowSample; target: TargetSummary }> {
  const relation = `read_parquet(${literal(part.path)})`;
  const { distinctRows } = await database.row(
    `SELECT count(DISTINCT ${rowHashColumn}) AS "distinctRows" FROM ${relation}`,
    z.object({ distinctRows: wholeNumber }),
  );
  const hashes = await database.rows(
    `SELECT ${rowHashColumn}::VARCHAR AS hash, count(*) AS rows FROM ${relation}
     GROUP BY ${rowHashColumn} ORDER BY ${rowHashColumn} LIMIT ${sampledHashes}`,
    z.object({ hash: z.string(), rows: wholeNumber }),
  );
  const last = hashes.at(-1);
  // The last one's place is the limit, so it is not below it.
  const isAll = hashes.length === distinctRows || last === undefined;
  const kept = isAll ? hashes : hashes.slice(0, -1);
  return {
    distinctRows,
    rowSample: {
      below: isAll ? null : last.hash,
      hashes: kept.map(({ hash, rows }): [string, number] => [hash, rows]),
    },
    target: await summariseTarget(database, relation, part, definition),
  };
}

async function summariseTarget(
  database: Database,
  relation: string,
  { columns }: WrittenPart,
  { target }: Definition,
): Promise<TargetSummary> {
  const column = columns.find(({ name }) => name === target.column);
  if (column === undefined) return { distinct: 0, values: [], positive: null };
  const text = canonicalText(column);
  const values = await database.rows(
    `SELECT ${text} AS value, count(*) AS rows FROM ${relation} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${keptTargetValues}`,
    z.object({ value: z.string(), rows: wholeNumber }),
  );
  const positive = positiveCondition(target, column);
  const counts = await database.row(
    `SELECT count(DISTINCT ${identifier(column.name)}) AS "distinct",
       ${positive === null ? 'NULL' : `count(*) FILTER (WHERE ${positive})`} AS positive FROM ${relation}`,
    z.object({ distinct: wholeNumber, positive: wholeNumber.nullable() }),
  );
  return { ...counts, values };
}

/** SQL for a row that counts as yes. */
function positiveCondition(target: Definition['target'], column: Column): string | null {
  if ('above' in target) return `${identifier(column.name)} > ${target.above}`;
  if ('positive' in target) return `${canonicalText(column)} = ${literal(target.positive)}`;
  return null;
}

function withoutLabels(target: string, rows: number) {
  return unacceptable(
    'target-empty',
    say`The target ${code(target)} has no value in any of ${counted(rows, 'row')}.`,
    say`Only rows with a known answer can be learnt from.`,
    say`Fill in the target, or drop the file once the answers are known.`,
  );
}

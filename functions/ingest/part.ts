import { rm } from 'node:fs/promises';
import { partHashOf } from '@tidemark/domain/datasets/dataset-identity.ts';
import {
  type Part,
  type RowHashSums,
  type SplitRows,
  splitNames,
} from '@tidemark/domain/datasets/manifest.schema.ts';
import {
  canonicalText,
  groupDigest,
  hashGroups,
  hashOfDigests,
  rowHash,
  rowHashColumn,
  splitColumn,
} from '@tidemark/domain/datasets/row-hash.ts';
import { splitByEntity, splitByHash, splitByTime, type TimeCuts } from '@tidemark/domain/datasets/split.ts';
import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { code, counted, say } from '@tidemark/statistics/sentence.ts';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { type Database, wholeNumber } from '@tidemark/statistics/tables/duckdb.client.ts';
import { rowGroupRows } from '@tidemark/statistics/tables/row-groups.ts';
import { alias, identifier, literal, sqlTypes } from '@tidemark/statistics/tables/sql.ts';
import * as z from 'zod';
import type { TypedColumn } from './column-types.ts';
import { unacceptable } from './data-finding.ts';
import type { RowSample, TargetSummary } from './file-result.schema.ts';
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
 * Writes the labelled rows in canonical types, each with its hash and its side of the split. The values are written first and hashed from there,
 * some columns at a time: a statement that does both for all of them would take memory for each use of each column.
 * @throws UnacceptableFileError when no row can be used, or the time cannot split them
 */
export async function writePart(
  database: Database,
  file: SourceFile,
  typed: readonly TypedColumn[],
  definition: Definition,
): Promise<WrittenPart> {
  const columns = typed.map(columnOf);
  const groups = await writeTyped(database, file, typed, definition.target.column);
  const split = await splitOf(database, groups, columns, definition);
  const rows = await hashedRows(database, groups);
  const names = columns.map(({ name }) => identifier(name)).join(', ');
  const path = database.path('part.parquet');
  await database.writeParquet(
    `SELECT ${names}, ${rowHashColumn}, ${split} AS ${splitColumn} FROM (SELECT ${names}, ${rows.hash} AS ${rowHashColumn} FROM ${rows.relation})`,
    path,
    rowGroupRows(columns.length, file.rowBytes),
  );
  await Promise.all([...groups.map((group) => group.path), ...rows.paths].map((each) => rm(each)));
  const sides = await sidesOf(database, path);
  const count = splitNames.reduce((total, side) => total + sides.splitRows[side], 0);
  if (count === 0) throw withoutLabels(definition.target.column, file.rows);
  const missingInTexts = [...new Set(typed.flatMap(({ source }) => source.missingTexts ?? []))];
  return { path, columns, rows: count, ...sides, partHash: partHashOf(columns, sides), missingInTexts };
}

function columnOf({ source: { name }, type }: TypedColumn): Column {
  return { name, type: type ?? 'string' };
}

/** Some columns of the labelled rows, in canonical types. */
interface TypedGroup {
  readonly columns: readonly Column[];
  readonly path: string;
}

async function writeTyped(
  database: Database,
  file: SourceFile,
  typed: readonly TypedColumn[],
  targetName: string,
): Promise<TypedGroup[]> {
  const target = typed.find(({ source }) => source.name === targetName);
  const isLabelled = target === undefined ? 'false' : `${canonicalValue(target)} IS NOT NULL`;
  const groups: TypedGroup[] = [];
  for (const [index, group] of hashGroups(
    typed.map((each) => ({ name: each.source.name, each })),
  ).entries()) {
    const path = database.path(`typed-${index}.parquet`);
    const values = group.map(({ name, each }) => `${canonicalValue(each)} AS ${identifier(name)}`);
    await database.writeParquet(
      `SELECT ${values.join(', ')} FROM ${file.relation} WHERE ${isLabelled}`,
      path,
      rowGroupRows(group.length, file.rowBytes),
      'lz4_raw',
    );
    groups.push({ columns: group.map(({ each }) => columnOf(each)), path });
  }
  return groups;
}

function canonicalValue({ reading, type }: TypedColumn): string {
  return reading === undefined || type === null ? `NULL::${sqlTypes.string}` : `(${reading.value})`;
}

interface HashedRows {
  /** All columns side by side, and what the hash is made of. */
  readonly relation: string;
  readonly hash: string;
  /** Files that the relation reads besides the groups. */
  readonly paths: readonly string[];
}

async function hashedRows(database: Database, groups: readonly TypedGroup[]): Promise<HashedRows> {
  const [only, ...others] = groups;
  if (only !== undefined && others.length === 0) {
    return { relation: relationOf(only), hash: rowHash(only.columns), paths: [] };
  }
  const digests = groups.map((_, index) => alias(`digest_${index}`));
  const paths = groups.map((_, index) => database.path(`digest-${index}.parquet`));
  for (const [index, group] of groups.entries()) {
    const digest = `SELECT ${groupDigest(group.columns)} AS ${digests[index]} FROM ${relationOf(group)}`;
    await database.writeParquet(digest, paths[index] ?? '', rowGroupRows(1), 'lz4_raw');
  }
  const relations = [...groups, ...paths.map((path) => ({ path }))].map(relationOf);
  return { relation: relations.join(' POSITIONAL JOIN '), hash: hashOfDigests(digests), paths };
}

function relationOf({ path }: Pick<TypedGroup, 'path'>): string {
  return `read_parquet(${literal(path)})`;
}

async function splitOf(
  database: Database,
  groups: readonly TypedGroup[],
  columns: readonly Column[],
  { time, entity, split }: Pick<Definition, 'time' | 'entity' | 'split'>,
): Promise<string> {
  const entityColumn = columns.find(({ name }) => name === entity);
  if (entityColumn) return splitByEntity(entityColumn, split);
  const group = groups.find((each) => each.columns.some(({ name }) => name === time));
  if (time === undefined || group === undefined) return splitByHash(split);
  return splitByTime(time, await timeCuts(database, relationOf(group), time, split));
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

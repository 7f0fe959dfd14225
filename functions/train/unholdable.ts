import { readParts } from '@tidemark/domain/datasets/read-parts.ts';
import { rowHashColumn } from '@tidemark/domain/datasets/row-hash.ts';
import { InvalidInputError } from '@tidemark/domain/errors.ts';
import { code, counted, listed, type Sentence, say } from '@tidemark/statistics/sentence.ts';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { type Database, wholeNumber } from '@tidemark/statistics/tables/duckdb.client.ts';
import { alias, identifier } from '@tidemark/statistics/tables/sql.ts';
import { beyondFloat32, beyondTimes } from '@tidemark/statistics/tables/value-sql.ts';
import * as z from 'zod';
import { columnsPerQuery } from './column-statistics.ts';

/**
 * The dataset has a value that training cannot compute with. Files with one are rejected, so it came into the dataset before they were:
 * by an earlier version of Tidemark.
 */
export class UnholdableValueError extends InvalidInputError {
  override readonly name = 'UnholdableValueError';
}

/** A file of the dataset: where its rows are, and the keys that they were dropped at. */
export interface PartFile {
  readonly path: string;
  readonly keys: readonly string[];
}

interface Found {
  readonly column: Column;
  readonly rows: number;
}

/** Columns and files that a message names. */
const [namedColumns, namedFiles] = [3, 5];

const [place, bad] = [alias('place'), alias('bad')];

/** What the definition says of the columns that are looked at. */
interface Uses {
  /** Columns that the model could do without. */
  readonly features: readonly Column[];
  /** Whether each batch takes the place of all data before it. */
  readonly replaces: boolean;
}

/**
 * Looks for numbers beyond 32 bits and times outside of the years 1 to 9999, of which training would fail without saying whose they are.
 * @param rows SQL of the rows that are looked at
 * @param parts the files that they come from
 * @throws UnholdableValueError with file, row, column and what to do
 */
export async function refuseUnholdable(
  database: Database,
  rows: string,
  columns: readonly Column[],
  parts: readonly PartFile[],
  uses: Uses,
): Promise<void> {
  const found: Found[] = [];
  const able = columns.filter((column) => unholdable(column) !== undefined);
  for (let first = 0; first < able.length; first += columnsPerQuery) {
    const some = able.slice(first, first + columnsPerQuery);
    const counts = some.map(
      (column, index) => `count(*) FILTER (WHERE ${unholdable(column)}) AS _bad_${index}`,
    );
    const row = await database.row(
      `SELECT ${counts.join(', ')} FROM (${rows})`,
      z.record(z.string(), wholeNumber),
    );
    for (const [index, column] of some.entries()) {
      const count = row[`_bad_${index}`] ?? 0;
      if (count > 0) found.push({ column, rows: count });
    }
  }
  if (found.length > 0) throw await unholdableIn(database, rows, found, parts, uses);
}

/** SQL for a value that cannot be held; `undefined` if every value of the column's type can. */
function unholdable({ name, type }: Column): string | undefined {
  if (type === 'number') return beyondFloat32(`CAST(${identifier(name)} AS DOUBLE)`);
  return type === 'timestamp' ? beyondTimes(identifier(name)) : undefined;
}

async function unholdableIn(
  database: Database,
  rows: string,
  found: readonly Found[],
  parts: readonly PartFile[],
  uses: Uses,
): Promise<UnholdableValueError> {
  const told: Sentence[] = [];
  for (const each of found.slice(0, namedColumns)) {
    const where = await placesOf(database, rows, each.column, parts);
    told.push(
      say`${code(each.column.name)} is infinite or out of range in ${counted(each.rows, 'row')}, first in ${where}.`,
    );
  }
  const more =
    found.length > namedColumns ? ` So are ${counted(found.length - namedColumns, 'other column')}.` : '';
  return new UnholdableValueError(
    `The dataset has values that training cannot hold. ${told.join(' ')}${more} ` +
      'Rows are counted among those of the file that have a target. ' +
      'Training computes with numbers of 32 bits, up to 3.4e38, and with times of the years 1 to 9999. ' +
      remedyOf(found, uses),
  );
}

function remedyOf(found: readonly Found[], { features, replaces }: Uses): Sentence {
  const names = found.map(({ column }) => column.name);
  const correction = replaces
    ? say`Drop all data again, with the values corrected or left empty`
    : say`Put the file again at the same key, with the values corrected or left empty: it takes the place of these rows`;
  const isExcludable = names.every((name) => features.some((feature) => feature.name === name));
  if (!isExcludable) return say`${correction}.`;
  return say`${correction}. Or list ${listed(names)} under \`features.exclude\` in the definition, and start the training again.`;
}

/** The first such row of each file that has one. */
async function placesOf(
  database: Database,
  rows: string,
  column: Column,
  parts: readonly PartFile[],
): Promise<Sentence> {
  const isBad = unholdable(column);
  const among = `SELECT ${identifier(rowHashColumn)} FROM (${rows}) WHERE ${isBad}`;
  const places: Sentence[] = [];
  let more = 0;
  for (const { path, keys } of parts) {
    const { first } = await database.row(
      `SELECT min(${place}) AS first FROM (
         SELECT row_number() OVER () AS ${place}, ${identifier(rowHashColumn)}, (${isBad}) AS ${bad} FROM (${readParts([path], [column])})
       ) WHERE ${bad} AND ${identifier(rowHashColumn)} IN (${among})`,
      z.object({ first: wholeNumber.nullable() }),
    );
    if (first === null) continue;
    if (places.length < namedFiles) places.push(say`row ${first} of ${listed(keys)}`);
    else more += 1;
  }
  const list = places.reduce((before, each) => say`${before}, ${each}`);
  return more > 0 ? say`${list} and ${counted(more, 'more file')}` : list;
}

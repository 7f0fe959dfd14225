import { type Database, wholeNumber } from '@tidemark/statistics/tables/duckdb.client.ts';
import { literal } from '@tidemark/statistics/tables/sql.ts';
import * as z from 'zod';
import { type Disguise, disguiseOf, type Looks, looksLikeSql } from './disguises.ts';

/** Rows that tell which columns are worth counting whole: the share in so many is within one percentage point of that in all. */
const sampledRows = 10_000;
/** So that no column is missed for it. */
const shareInSample = 0.93;

const columnsPerQuery = 30;
const kinds = ['number', 'time', 'boolean', 'code', 'text'] as const;

/** What texts look like that are none. */
export interface DisguisedValues {
  readonly disguise: Disguise;
  /** Values in all. */
  readonly present: number;
  /** Those that look like something else. */
  readonly strangers: number;
}

/**
 * What nearly all values of some columns of text look like, in the order of the columns; `undefined` for those that are texts.
 * @param relation SQL that the rows are selected from
 * @param values SQL of each column's value, NULL where there is none
 */
export async function disguisedValues(
  database: Database,
  relation: string,
  values: readonly string[],
): Promise<(DisguisedValues | undefined)[]> {
  const inSample = await looksOf(
    database,
    `${relation} USING SAMPLE reservoir(${sampledRows} ROWS) REPEATABLE (1)`,
    values,
  );
  const likely = values.filter((_, index) => {
    const looks = inSample[index];
    return looks !== undefined && disguiseOf(looks, shareInSample) !== undefined;
  });
  const found = new Map<string, Looks>();
  for (const [index, looks] of (await looksOf(database, relation, likely)).entries()) {
    found.set(likely[index] ?? '', looks);
  }
  return values.map((value) => {
    const looks = found.get(value);
    const disguise = looks && disguiseOf(looks);
    if (looks === undefined || disguise === undefined) return undefined;
    const present = Object.values(looks).reduce((sum, count) => sum + count, 0);
    return { disguise, present, strangers: present - looks[disguise] };
  });
}

/** SQL for a value that tells of the disguise: a stranger, or, where there is none, one of those that look alike. */
export function isTelling(value: string, { disguise, strangers }: DisguisedValues): string {
  return `coalesce(${looksLikeSql(value)} ${strangers > 0 ? '<>' : '='} ${literal(disguise)}, false)`;
}

async function looksOf(database: Database, relation: string, values: readonly string[]): Promise<Looks[]> {
  const found: Looks[] = [];
  for (let first = 0; first < values.length; first += columnsPerQuery) {
    const some = values.slice(first, first + columnsPerQuery);
    // What the rows have besides is not read.
    const texts = some.map((value, index) => `${value} AS _value_${index}`);
    const fields = some.map((_, index) => `${looksLikeSql(`_value_${index}`)} AS _looks_${index}`);
    const counted = some.flatMap((_, index) =>
      kinds.map((kind) => `count(*) FILTER (WHERE _looks_${index} = ${literal(kind)}) AS _${kind}_${index}`),
    );
    const row = await database.row(
      `SELECT ${counted.join(', ')} FROM (SELECT ${fields.join(', ')} FROM (SELECT ${texts.join(', ')} FROM ${relation}))`,
      z.record(z.string(), wholeNumber),
    );
    for (const index of some.keys()) {
      const count = (kind: (typeof kinds)[number]) => row[`_${kind}_${index}`] ?? 0;
      found.push({
        number: count('number'),
        time: count('time'),
        boolean: count('boolean'),
        code: count('code'),
        text: count('text'),
      });
    }
  }
  return found;
}

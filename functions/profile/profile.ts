import { z } from 'zod';
import type { Column, ColumnType } from '../datasets/manifest.schema.ts';
import { identifier } from '../datasets/sql.ts';
import type { ColumnProfile, Profile } from './relation-profile.schema.ts';

/** What answers SQL; `Database` does. */
export interface SqlEngine {
  rows<T extends z.ZodType>(sql: string, schema: T): Promise<z.infer<T>[]>;
  row<T extends z.ZodType>(sql: string, schema: T): Promise<z.infer<T>>;
}

/** A column, or one without values, whose type nobody knows. */
export interface ProfiledColumn {
  readonly name: string;
  readonly type: ColumnType | null;
}

/** Shares whose quantiles are kept: tails, quartiles and the median. */
export const quantileShares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;

/** Most frequent values that are kept of a column. */
export const keptValues = 20;

/** Columns whose estimate is above this keep the estimate: exact counting would take memory that grows with the data. */
const exactDistinctLimit = 10_000;

/** Columns per query: planning time grows faster than the number of aggregates. */
const columnsPerQuery = 50;

/** DuckDB gives a 64-bit integer as text, and a double that is not finite too. */
const number = z.union([z.number(), z.string()]).transform(Number).nullable();
const count = z.union([z.number(), z.string()]).transform(Number).pipe(z.int());

const measuresSchema = z.object({
  rows: count,
  present: count,
  distinct: count,
  minimum: number,
  maximum: number,
  mean: number,
  deviation: number,
  quantiles: z.array(number).nullable(),
  earliest: z.string().nullable(),
  latest: z.string().nullable(),
});
type Measures = z.infer<typeof measuresSchema>;

/**
 * Profiles a relation in canonical types (no NaN, no infinity), in two scans per 50 columns and one per column of text.
 * @param relation SQL that stands after FROM
 */
export async function profileOf(
  engine: SqlEngine,
  relation: string,
  columns: readonly ProfiledColumn[],
): Promise<Profile> {
  const { rows } = await engine.row(`SELECT count(*) AS rows FROM ${relation}`, z.object({ rows: count }));
  const profiles: ColumnProfile[] = [];
  for (let first = 0; first < columns.length; first += columnsPerQuery) {
    const some = columns.slice(first, first + columnsPerQuery);
    const measured = await engine.row(measuresQuery(relation, some), z.record(z.string(), measuresSchema));
    const measuredColumns = some.flatMap((column, index) => {
      const measures = measured[`m${index}`];
      return measures === undefined ? [] : [profileColumn(column, measures)];
    });
    const exact = await exactDistinct(engine, relation, measuredColumns);
    for (const column of measuredColumns) {
      const top = await topValues(engine, relation, column);
      profiles.push({ ...column, distinct: exact.get(column.name) ?? column.distinct, top });
    }
  }
  return { rows, columns: profiles };
}

/** One struct of measures per column. */
function measuresQuery(relation: string, columns: readonly ProfiledColumn[]): string {
  const structs = columns.map((column, index) => `${measuresOf(column)} AS m${index}`);
  return `SELECT ${structs.join(', ')} FROM ${relation}`;
}

function measuresOf({ name, type }: ProfiledColumn): string {
  const value = identifier(name);
  const isNumber = type === 'integer' || type === 'number';
  const ofNumbers = (sql: string) => (isNumber ? `${sql}::DOUBLE` : 'NULL::DOUBLE');
  const ofTimes = (sql: string) =>
    type === 'timestamp' ? `strftime(${sql}, '%Y-%m-%dT%H:%M:%S.%gZ')` : 'NULL::VARCHAR';
  const measures = {
    rows: 'count(*)',
    present: `count(${value})`,
    distinct: `approx_count_distinct(${value})`,
    minimum: ofNumbers(`min(${value})`),
    maximum: ofNumbers(`max(${value})`),
    mean: ofNumbers(`avg(${value})`),
    deviation: ofNumbers(`stddev_samp(${value})`),
    quantiles: isNumber
      ? `approx_quantile(${value}::DOUBLE, [${quantileShares.join(', ')}])`
      : 'NULL::DOUBLE[]',
    earliest: ofTimes(`min(${value})`),
    latest: ofTimes(`max(${value})`),
  };
  return `{${Object.entries(measures)
    .map(([key, sql]) => `'${key}': ${sql}`)
    .join(', ')}}`;
}

function profileColumn({ name, type }: ProfiledColumn, measures: Measures): Omit<ColumnProfile, 'top'> {
  const quantiles = quantileShares.flatMap((share, index) => {
    const value = measures.quantiles?.[index] ?? null;
    return value === null ? [] : [{ share, value }];
  });
  return {
    name,
    type,
    rows: measures.rows,
    missing: measures.rows - measures.present,
    distinct: measures.distinct,
    minimum: measures.minimum,
    maximum: measures.maximum,
    mean: measures.mean,
    standardDeviation: measures.deviation,
    earliest: measures.earliest,
    latest: measures.latest,
    quantiles,
  };
}

/** Counts the different values of the columns that have few: the estimate is far off for small numbers. */
async function exactDistinct(
  engine: SqlEngine,
  relation: string,
  columns: readonly Pick<ColumnProfile, 'name' | 'distinct'>[],
): Promise<Map<string, number>> {
  const few = columns.filter(({ distinct }) => distinct !== null && distinct <= exactDistinctLimit);
  if (few.length === 0) return new Map();
  const counts = few.map(({ name }, index) => `count(DISTINCT ${identifier(name)}) AS d${index}`);
  const found = await engine.row(`SELECT ${counts.join(', ')} FROM ${relation}`, z.record(z.string(), count));
  return new Map(few.map(({ name }, index) => [name, found[`d${index}`] ?? 0]));
}

async function topValues(
  engine: SqlEngine,
  relation: string,
  { name, type }: ProfiledColumn,
): Promise<ColumnProfile['top']> {
  if (type !== 'string' && type !== 'boolean') return [];
  const value = identifier(name);
  return engine.rows(
    `SELECT ${value}::VARCHAR AS value, count(*) AS rows FROM ${relation} WHERE ${value} IS NOT NULL
     GROUP BY 1 ORDER BY rows DESC, value LIMIT ${keptValues}`,
    z.object({ value: z.string(), rows: count }),
  );
}

/**
 * Merges profiles of disjoint rows with the same columns. Counts, extremes, mean and deviation are exact (Chan, Golub and
 * LeVeque, 1979, for the sum of squares); estimates and top values cannot be merged and are left out.
 */
export function mergeProfiles(profiles: readonly Profile[]): Profile {
  const byName = new Map<string, ColumnProfile[]>();
  for (const column of profiles.flatMap(({ columns }) => columns)) {
    byName.set(column.name, [...(byName.get(column.name) ?? []), column]);
  }
  return {
    rows: profiles.reduce((total, { rows }) => total + rows, 0),
    columns: [...byName.values()].map((columns) => columns.reduce(mergeColumns)),
  };
}

function mergeColumns(a: ColumnProfile, b: ColumnProfile): ColumnProfile {
  return {
    name: a.name,
    type: widest(a.type, b.type),
    rows: a.rows + b.rows,
    missing: a.missing + b.missing,
    distinct: null,
    minimum: extreme(Math.min, a.minimum, b.minimum),
    maximum: extreme(Math.max, a.maximum, b.maximum),
    ...mergeMoments(a, b),
    earliest: [a.earliest, b.earliest].filter((time) => time !== null).toSorted()[0] ?? null,
    latest:
      [a.latest, b.latest]
        .filter((time) => time !== null)
        .toSorted()
        .at(-1) ?? null,
    quantiles: [],
    top: [],
  };
}

function widest(a: Column['type'] | null, b: Column['type'] | null): Column['type'] | null {
  if (a === null || b === null) return a ?? b;
  return a === 'integer' ? b : a;
}

function extreme(pick: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : pick(a, b);
}

function mergeMoments(a: ColumnProfile, b: ColumnProfile): Pick<ColumnProfile, 'mean' | 'standardDeviation'> {
  const [first, second] = [momentsOf(a), momentsOf(b)];
  const n = first.n + second.n;
  if (n === 0) return { mean: null, standardDeviation: null };
  const delta = second.mean - first.mean;
  const mean = first.mean + (delta * second.n) / n;
  const squares = first.squares + second.squares + (delta ** 2 * first.n * second.n) / n;
  return { mean, standardDeviation: n > 1 ? Math.sqrt(squares / (n - 1)) : null };
}

/** Count, mean and sum of squared deviations. */
function momentsOf({ rows, missing, mean, standardDeviation }: ColumnProfile) {
  const n = mean === null ? 0 : rows - missing;
  return { n, mean: mean ?? 0, squares: (standardDeviation ?? 0) ** 2 * Math.max(0, n - 1) };
}

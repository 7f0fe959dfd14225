import type { Vectors } from '../datasets/duckdb.client.ts';
import type { ColumnType } from '../datasets/manifest.schema.ts';
import { identifier } from '../datasets/sql.ts';
import type { Profile } from './profile.schema.ts';
import { type ProfiledColumn, Profiler, type ProfilerOptions } from './profiler.ts';

/** What answers SQL; `Database` does. */
export interface SqlEngine {
  vectors(sql: string): AsyncIterable<Pick<Vectors, 'rows' | 'doubles' | 'eachText'>>;
}

/**
 * Profiles what SQL can say, in one scan: DuckDB reads, the profiler counts. An empty text is a missing one.
 * @param relation SQL that stands after FROM
 * @param columns of the relation, in the canonical types of the types that it has them in (`canonicalType`)
 * @throws UnreadableDataError
 */
export async function profileRelation(
  engine: SqlEngine,
  relation: string,
  columns: readonly ProfiledColumn[],
  options: ProfilerOptions = {},
): Promise<Profile> {
  const profiler = new Profiler(columns, options);
  const selected = columns.map(({ name, type }) => cellOf(identifier(name), type));
  // Without any column there still are rows.
  const select = selected.length === 0 ? '0::DOUBLE' : selected.join(', ');
  for await (const vectors of engine.vectors(`SELECT ${select} FROM ${relation}`)) {
    for (const [column, { type }] of columns.entries()) addVector(profiler, column, type, vectors);
    profiler.endRows(vectors.rows);
  }
  return profiler.finish();
}

/** SQL for a cell as a double or a text that is never NULL: a profiler takes NaN and nothing for missing. */
function cellOf(value: string, type: ColumnType | null): string {
  switch (type) {
    case 'integer':
    case 'number':
      return `coalesce(${value}::DOUBLE, 'NaN'::DOUBLE)`;
    case 'timestamp':
      return `CASE WHEN ${value} IS NULL THEN 'NaN'::DOUBLE WHEN isfinite(${value}) THEN epoch_ms(${value}::TIMESTAMP)::DOUBLE
        ELSE 'Infinity'::DOUBLE END`;
    case 'boolean':
      return `CASE WHEN ${value} THEN 'true' WHEN NOT ${value} THEN 'false' ELSE '' END`;
    case 'string':
      return `coalesce(${value}::VARCHAR, '')`;
    case null:
      return `CASE WHEN ${value} IS NULL THEN '' ELSE '?' END`;
  }
}

function addVector(
  profiler: Profiler,
  column: number,
  type: ColumnType | null,
  vectors: Pick<Vectors, 'doubles' | 'eachText'>,
): void {
  switch (type) {
    case 'integer':
    case 'number':
    case 'timestamp':
      for (const value of vectors.doubles(column)) profiler.addNumber(column, value);
      return;
    case 'boolean':
    case 'string':
      vectors.eachText(column, (bytes, start, end) => {
        if (end > start) profiler.addTextBytes(column, bytes, start, end);
      });
      return;
    case null:
      vectors.eachText(column, (_bytes, start, end) => {
        if (end > start) profiler.addUnreadable(column);
      });
  }
}

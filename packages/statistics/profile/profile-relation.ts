import type { ColumnType } from '../tables/column.schema.ts';
import type { Vectors } from '../tables/duckdb.client.ts';
import { identifier } from '../tables/sql.ts';
import { countFewValued } from './count-values.ts';
import type { Profile } from './profile.schema.ts';
import { type ProfiledColumn, Profiler, type ProfilerOptions } from './profiler.ts';
import { cellSql } from './relation-cell.ts';
import type { SqlEngine } from './sql-engine.ts';

/**
 * Profiles what SQL can say: DuckDB counts columns of few different values by itself, and reads the others for the profiler. An empty text is a missing one.
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
  const places = await countFewValued(engine, relation, columns, profiler);
  const typed = places.map((place) => ({ place, type: columns[place]?.type ?? null }));
  const cells = typed.map(({ place, type }) => cellSql(identifier(columns[place]?.name ?? ''), type));
  // Without any column there still are rows.
  const select = cells.length === 0 ? '0::DOUBLE' : cells.join(', ');
  for await (const vectors of engine.vectors(`SELECT ${select} FROM ${relation}`)) {
    for (const [vector, { place, type }] of typed.entries())
      addVector(profiler, place, type, vectors, vector);
    profiler.endRows(vectors.rows);
  }
  return profiler.finish();
}

function addVector(
  profiler: Profiler,
  column: number,
  type: ColumnType | null,
  vectors: Pick<Vectors, 'doubles' | 'eachText'>,
  vector: number,
): void {
  switch (type) {
    case 'integer':
    case 'number':
    case 'timestamp':
      profiler.addNumbers(column, vectors.doubles(vector));
      return;
    case 'boolean':
    case 'string':
      vectors.eachText(vector, (bytes, start, end) => {
        if (end > start) profiler.addTextBytes(column, bytes, start, end);
      });
      return;
    case null:
      vectors.eachText(vector, (_bytes, start, end) => {
        if (end > start) profiler.addUnreadable(column);
      });
  }
}

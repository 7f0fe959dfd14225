import type { Vectors } from '../tables/duckdb.client.ts';

/** What answers SQL; `Database` does. */
export interface SqlEngine {
  /** The result in pieces. @param sql gives columns of DOUBLE and VARCHAR without NULL only */
  vectors(sql: string): AsyncIterable<Pick<Vectors, 'rows' | 'doubles' | 'eachText'>>;
}

import { readFile } from 'node:fs/promises';
import { Database } from '../../functions/datasets/duckdb.client.ts';

/** A Parquet file of what the query gives. */
export function parquet(sql: string): Promise<Buffer> {
  return Database.with(512, async (database) => {
    const path = database.path('file.parquet');
    await database.writeParquet(sql, path);
    return readFile(path);
  });
}

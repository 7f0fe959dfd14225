import { readFile } from 'node:fs/promises';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { literal } from '@tidemark/statistics/tables/sql.ts';

/** A Parquet file of what the query gives. */
export function parquet(sql: string, compression?: 'uncompressed'): Promise<Buffer> {
  return Database.with(512, async (database) => {
    const path = database.path('file.parquet');
    if (compression === undefined) await database.writeParquet(sql, path);
    else await database.run(`COPY (${sql}) TO ${literal(path)} (FORMAT parquet, COMPRESSION ${compression})`);
    return readFile(path);
  });
}

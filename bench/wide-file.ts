import type { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { rowGroupRows } from '@tidemark/statistics/tables/row-groups.ts';
import { identifier, literal } from '@tidemark/statistics/tables/sql.ts';

export const wideFormats = ['csv', 'json-lines', 'parquet'] as const;
export type WideFormat = (typeof wideFormats)[number];

/** What the columns of a wide file hold, one value in ten of them missing. */
export const wideKinds = ['number', 'integer', 'boolean', 'timestamp', 'string', 'mixed'] as const;
export type WideKind = (typeof wideKinds)[number];

/** SQL of a value in row `i`, some hundred different ones in each column. */
const spellings: Readonly<Record<Exclude<WideKind, 'mixed'>, (noise: string) => string>> = {
  number: (noise) => `(${noise} % 100000 + 1) / 7.0::DOUBLE`,
  integer: (noise) => `(${noise} % 1000)::BIGINT`,
  boolean: (noise) => `${noise} % 2 = 0`,
  timestamp: (noise) => `TIMESTAMP '2026-01-01 10:00:00' + INTERVAL 1 MINUTE * (${noise} % 100000)::INTEGER`,
  string: (noise) => `'category ' || ${noise} % 30`,
};

/** Writes a file with a target `late` and so many other columns. */
export async function writeWideFile(
  database: Database,
  path: string,
  { columns, rows, kind, format }: { columns: number; rows: number; kind: WideKind; format: WideFormat },
): Promise<void> {
  const kinds = wideKinds.filter((each) => each !== 'mixed');
  const values = Array.from({ length: columns }, (_, index) => {
    const own = kind === 'mixed' ? kinds[index % kinds.length] : kind;
    const noise = `(hash(i * 100003 + ${index}) % 1000000007)`;
    return `CASE WHEN ${noise} % 10 <> 3 THEN ${spellings[own ?? 'number'](noise)} END AS ${identifier(`c${index}`)}`;
  });
  const sql = `SELECT CASE WHEN hash(i) % 3 = 0 THEN 'yes' ELSE 'no' END AS late, ${values.join(', ')} FROM range(${rows}) t(i)`;
  if (format === 'parquet') await database.writeParquet(sql, path, rowGroupRows(columns));
  else
    await database.run(
      `COPY (${sql}) TO ${literal(path)} (${format === 'csv' ? 'FORMAT csv, HEADER' : 'FORMAT json'})`,
    );
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

const FLIGHTS = fileURLToPath(
  new URL('../../../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url),
);

/** What is predicted: whether a flight is more than 15 minutes late, by how many minutes, or how badly. */
const TARGETS = {
  late: 'CAST(delay > 15 AS INT)',
  delay: 'delay',
  severity: 'CASE WHEN delay <= 15 THEN 0 WHEN delay <= 60 THEN 1 ELSE 2 END',
};

/**
 * Real rows (US flights of 2001) as CSV, label first. A tenth of the distances is missing, and January is -1. The same on
 * every call; offsets 0 to 6 share no row.
 */
export async function flightsCsv(rows: number, target: keyof typeof TARGETS, offset = 0): Promise<string> {
  const label = TARGETS[target];
  const directory = await mkdtemp(join(tmpdir(), 'flights-'));
  const file = join(directory, 'flights.csv');
  const connection = await (await DuckDBInstance.create()).connect();
  try {
    await connection.run(`COPY (
      SELECT ${label}, dayofweek(date), hour(date) + minute(date) / 60.0, day(date),
        CASE WHEN hash(date, distance) % 10 = 0 THEN NULL ELSE distance END,
        ascii(origin) - 78, hash(destination) % 300, CASE WHEN month(date) = 1 THEN -1 ELSE month(date) END
      FROM '${FLIGHTS}' WHERE hash(date, origin, destination) % 7 = ${offset} LIMIT ${rows}
    ) TO '${file}' (HEADER false)`);
    return await readFile(file, 'utf8');
  } finally {
    connection.closeSync();
    await rm(directory, { recursive: true });
  }
}

import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

/** Domestic flights in the United States, January to June 2001: date and time, delay, distance, origin, destination. */
export const flightsFile = fileURLToPath(
  new URL('../data/flights-3m.parquet', import.meta.resolve('vega-datasets')),
);

/** Which flights to take: from the first moment up to the last, without it, as ISO 8601 dates. */
export interface FlightsSelection {
  readonly from: string;
  readonly until: string;
}

export const january2001: FlightsSelection = { from: '2001-01-01', until: '2001-02-01' };

/**
 * Writes the selected flights to a Parquet file, unless it is there already. Rows are selected, never altered.
 * @param file with an ending that says the format: `.parquet` or `.csv`.
 */
export async function selectFlights(file: string, { from, until }: FlightsSelection): Promise<void> {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  // One thread keeps the rows in their order, so the same selection is the same file.
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const partial = `${file}.partial`;
    const format = file.endsWith('.csv') ? '(FORMAT csv, HEADER)' : '(FORMAT parquet)';
    await connection.run(
      `COPY (
         SELECT * FROM read_parquet(${literal(flightsFile)})
         WHERE date >= ${literal(from)}::TIMESTAMP AND date < ${literal(until)}::TIMESTAMP
       ) TO ${literal(partial)} ${format}`,
    );
    renameSync(partial, file);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

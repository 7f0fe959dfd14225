import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

/** Domestic flights in the United States, January to June 2001: date and time, delay, distance, origin, destination. */
export const flightsFile = packagedFile('flights-3m.parquet');
/** Airports of the United States with their coordinates. */
const airportsFile = packagedFile('airports.csv');

/** Degrees of longitude. The 100th meridian is where the west of the United States is said to begin. */
const meridian = -100;

/** Which flights to take: from the first moment up to the last, without it, as ISO 8601 dates. */
export interface FlightsSelection {
  readonly from: string;
  readonly until: string;
  /** The side of the 100th meridian on which they leave; both without it. */
  readonly leaving?: 'east' | 'west';
  /** Each n-th of them in the order of departure; all without it. */
  readonly everyNth?: number;
}

/**
 * Writes the selected flights to a Parquet or CSV file, in the order of departure, unless it is there already. Rows are selected,
 * never altered.
 * @param file with an ending that says the format: `.parquet` or `.csv`.
 */
export async function selectFlights(file: string, selection: FlightsSelection): Promise<void> {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  // One thread keeps the rows in their order, so the same selection is the same file.
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const partial = `${file}.partial`;
    const format = file.endsWith('.csv') ? '(FORMAT csv, HEADER)' : '(FORMAT parquet)';
    await connection.run(`COPY (${selectionSql(selection)}) TO ${literal(partial)} ${format}`);
    renameSync(partial, file);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function selectionSql({ from, until, leaving, everyNth = 1 }: FlightsSelection): string {
  const conditions = [
    `date >= ${literal(from)}::TIMESTAMP`,
    `date < ${literal(until)}::TIMESTAMP`,
    ...(leaving ? [`origin IN (${airportsSql(leaving)})`] : []),
  ];
  // All columns take part in the order: the n-th is the same flight whatever order the file has.
  const order = 'date, origin, destination, distance, delay';
  return `
    SELECT * FROM read_parquet(${literal(flightsFile)})
    WHERE ${conditions.join(' AND ')}
    QUALIFY row_number() OVER (ORDER BY ${order}) % ${everyNth} = 0
    ORDER BY ${order}`;
}

function airportsSql(side: 'east' | 'west'): string {
  const comparison = side === 'west' ? '<' : '>=';
  return `SELECT iata FROM read_csv(${literal(airportsFile)}) WHERE longitude ${comparison} ${meridian}`;
}

function packagedFile(name: string): string {
  return fileURLToPath(new URL(`../data/${name}`, import.meta.resolve('vega-datasets')));
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

import { DuckDBInstance } from '@duckdb/node-api';
import { type FlightsSelection, selectFlights } from '../sample-flights.ts';

/** A row as somebody knows it who asks before the flight has landed, and what became of it. */
export interface FlightRecord {
  /** Names the prediction, the same at every reading: a label names it later. */
  readonly inferenceId: string;
  /** Raw features. */
  readonly record: Readonly<Record<string, string | number>>;
  /** Minutes late, known later. */
  readonly delay: number;
}

/**
 * Reads selected flights, in the order of departure.
 * @param file where they are kept, so that they are selected once
 * @param name what inference ids begin with
 */
export async function readFlights(
  file: string,
  name: string,
  selection: FlightsSelection,
): Promise<FlightRecord[]> {
  await selectFlights(file, selection);
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(
      `SELECT CAST(date AS VARCHAR) AS date, CAST(distance AS DOUBLE) AS distance, origin, destination, CAST(delay AS DOUBLE) AS delay
       FROM read_parquet('${file.replaceAll("'", "''")}')`,
    );
    return reader.getRowObjectsJson().map(({ date, distance, origin, destination, delay }, index) => ({
      inferenceId: `${name}-${String(index + 1).padStart(6, '0')}`,
      record: {
        date: String(date),
        distance: Number(distance),
        origin: String(origin),
        destination: String(destination),
      },
      delay: Number(delay),
    }));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

import { createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { literal } from '@tidemark/statistics/tables/sql.ts';

/** Different values of the five columns of few. */
const fewValues = [5, 12, 30, 60, 100];

/**
 * Writes rows of 8 floats, 5 integers, 5 strings of few and 2 of many different values, the same for the same number, as CSV and, by way of DuckDB, as
 * Parquet compressed with Zstandard.
 */
export async function generateRows(rows: number, csvPath: string, parquetPath: string): Promise<void> {
  await pipeline(Readable.from(lines(rows)), createWriteStream(csvPath));
  const rowsOfCsv = `SELECT * FROM read_csv(${literal(csvPath)})`;
  await Database.with(4096, (database) => database.writeParquet(rowsOfCsv, parquetPath), [
    dirname(csvPath),
    dirname(parquetPath),
  ]);
}

function* lines(rows: number): Generator<string> {
  const random = randomNumbers(42);
  const below = (limit: number) => Math.floor(random() * limit);
  let piece = `${columnNames().join(',')}\n`;
  for (let row = 0; row < rows; row += 1) {
    const cells = [
      // Bell-shaped (the sum of three), of four orders of magnitude.
      ...Array.from({ length: 8 }, (_, index) =>
        ((random() + random() + random() - 1.5) * 10 ** (index % 4)).toFixed(4),
      ),
      ...Array.from({ length: 5 }, (_, index) => below(10 ** (1 + index))),
      // Some values are frequent, most are not.
      ...fewValues.map((values) => `cat${Math.floor(random() * random() * values)}`),
      `u${below(1e6)}`,
      below(2 ** 32).toString(16),
    ];
    piece += `${cells.join(',')}\n`;
    if (piece.length < 65_536) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

function columnNames(): string[] {
  const names = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  return [...names('float', 8), ...names('integer', 5), ...names('few', 5), ...names('many', 2)];
}

/** Mulberry32 (T. Ettinger): fast, and good enough for rows to measure by. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

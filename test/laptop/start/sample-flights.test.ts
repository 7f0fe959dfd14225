import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FlightsSelection, flightsFile, selectFlights } from '../../../laptop/start/sample-flights.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tidemark-flights-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const day = { from: '2001-02-12', until: '2001-02-13' };

async function select(name: string, selection: FlightsSelection): Promise<string> {
  const file = join(directory, name);
  await selectFlights(file, selection);
  return `read_parquet('${file}')`;
}

async function numbers(sql: string): Promise<number[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return ((await connection.runAndReadAll(sql)).getRowsJson()[0] ?? []).map(Number);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

describe('selectFlights', () => {
  it('takes every flight of a time, each as it is', async () => {
    const all = await select('all.parquet', day);

    const source = `(FROM read_parquet('${flightsFile}') WHERE date >= '${day.from}' AND date < '${day.until}')`;
    const differing = `SELECT (SELECT count(*) FROM (FROM ${source} EXCEPT ALL FROM ${all})),
      (SELECT count(*) FROM (FROM ${all} EXCEPT ALL FROM ${source})), (SELECT count(*) FROM ${all}) > 10000`;
    expect(await numbers(differing)).toEqual([0, 0, 1]);
  });

  it('parts them at the 100th meridian by where they leave', async () => {
    const all = await select('all.parquet', day);
    const east = await select('east.parquet', { ...day, leaving: 'east' });
    const west = await select('west.parquet', { ...day, leaving: 'west' });

    const sql = `SELECT (SELECT count(*) FROM (FROM ${all} EXCEPT ALL (FROM ${east} UNION ALL FROM ${west}))),
      (SELECT count(*) FROM ${east} WHERE origin IN (SELECT origin FROM ${west})),
      (SELECT count(*) FROM ${east} WHERE origin IN ('LAX', 'DEN', 'BIS')), (SELECT count(*) FROM ${west} WHERE origin IN ('JFK', 'DFW', 'ABI'))`;
    expect(await numbers(sql)).toEqual([0, 0, 0, 0]);
  });

  it('takes each n-th in the order of departure, the same at every call', async () => {
    const all = await select('all.parquet', day);
    const third = await select('third.parquet', { ...day, everyNth: 3 });
    const again = await select('again.parquet', { ...day, everyNth: 3 });

    const sql = `SELECT (SELECT count(*) FROM ${third}) - (SELECT count(*) // 3 FROM ${all}),
      (SELECT count(*) FROM (FROM ${third} EXCEPT ALL FROM ${all})),
      (SELECT count(*) FROM (FROM ${third} EXCEPT ALL FROM ${again})),
      round(abs((SELECT avg(hour(date)) FROM ${all}) - (SELECT avg(hour(date)) FROM ${third})), 1)`;
    expect(await numbers(sql)).toEqual([0, 0, 0, 0]);
  });
});

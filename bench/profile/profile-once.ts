import { dirname } from 'node:path';
import { profileFile } from '@tidemark/statistics/profile/profile-file.ts';
import { profileCsvInThreads } from '@tidemark/statistics/profile/profile-in-threads.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { literal } from '@tidemark/statistics/tables/sql.ts';
import * as z from 'zod';
import { threadsFrom } from '../../packages/statistics/test/profile/thread-file.ts';

/**
 * Profiles a file once, in a process of its own, and prints what it took as JSON. Loading the program does not count; compiling it while it runs does.
 * `tsx bench/profile/profile-once.ts <what> <path>`
 */
const [what = '', path = ''] = process.argv.slice(2);

/** Memory that DuckDB's settings are derived from: enough for both cores. */
const memoryMegabytes = 4096;

const ways: Readonly<Record<string, () => Promise<unknown>>> = {
  csv: () => profileFile(path, 'csv'),
  'csv-threads': () => profileCsvInThreads(path, 2, startThread),
  parquet: () => profileFile(path, 'parquet', { memoryMegabytes }),
  'scan-parquet': () => scan(`read_parquet(${literal(path)})`),
  'summarize-csv': () => summarize(`read_csv(${literal(path)})`),
  'summarize-parquet': () => summarize(`read_parquet(${literal(path)})`),
};

const startThread = threadsFrom('build/profile-threads');
const way = ways[what];
if (way === undefined) throw new Error(`Unknown: ${what}. Known: ${Object.keys(ways).join(', ')}.`);
const [started, cpuBefore] = [performance.now(), process.cpuUsage()];
const found = await way();
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
console.log(
  JSON.stringify({
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMegabytes: process.resourceUsage().maxRSS / 1000,
    jsonKilobytes: JSON.stringify(found).length / 1000,
  }),
);

/** Reads every value and looks at none: what profiling Parquet cannot be faster than with this reader. */
function scan(relation: string): Promise<unknown> {
  return inDatabase(async (database) => {
    let rows = 0;
    for await (const vectors of database.vectors(`SELECT * FROM ${relation}`)) rows += vectors.rows;
    return rows;
  });
}

function summarize(relation: string): Promise<unknown> {
  return inDatabase((database) => database.rows(`SUMMARIZE SELECT * FROM ${relation}`, z.unknown()));
}

function inDatabase<T>(use: (database: Database) => Promise<T>): Promise<T> {
  return Database.with(memoryMegabytes, use, [dirname(path)]);
}

import type { Worker } from 'node:worker_threads';
import { Database } from '../datasets/duckdb.client.ts';
import { widerType } from './cell-text.ts';
import { mergeProfiles } from './merge-profiles.ts';
import type { Profile } from './profile.schema.ts';
import {
  type CsvLayout,
  type CsvOptions,
  type CsvPass,
  csvLayout,
  type FoundColumn,
  profileCsv,
  settledTypes,
} from './profile-csv.ts';
import { type ParquetOptions, parquetColumns } from './profile-parquet.ts';
import type { CsvPart, ThreadInput } from './profile-thread.schema.ts';
import type { ProfiledColumn } from './profiler.ts';
import { recordRanges } from './record-ranges.ts';

/** Starts a thread that runs `profile-thread.client.ts` with this data: where that file is, and as what, depends on how a program is built. */
export type StartThread = (workerData: ThreadInput) => Worker;

/**
 * As `profileCsv`, with a thread for each part of the file: for one large file on a machine with several cores. A function's
 * bundle is one file, and what is too large for one function is profiled by many.
 * @throws UnreadableCsvError when a line is no record
 */
export async function profileCsvInThreads(
  path: string,
  threads: number,
  startThread: StartThread,
  options: CsvOptions = {},
): Promise<Profile> {
  let layout = await csvLayout(path, options);
  const ranges = await recordRanges(path, layout.start, threads);
  for (;;) {
    const passes = await passesOver(path, layout, ranges, startThread, options);
    // Only who reads from the beginning knows the line's number.
    if (passes === undefined) return profileCsv(path, options);
    const settled = settledTypes(joined(passes.map(({ columns }) => columns)));
    if (!layout.guessed || JSON.stringify(settled) === JSON.stringify(layout.columns)) {
      return mergeProfiles(passes.map(({ profile }) => profile));
    }
    layout = { ...layout, columns: settled };
  }
}

/** A pass over each part; `undefined` when a part has a line that is no record. */
async function passesOver(
  path: string,
  layout: CsvLayout,
  ranges: readonly CsvPart['range'][],
  startThread: StartThread,
  { plan, seed = 0 }: CsvOptions,
): Promise<CsvPass[] | undefined> {
  const passes = await Promise.allSettled(
    ranges.map((range, part) =>
      messageOf<CsvPass>(startThread, {
        kind: 'csv',
        path,
        layout: { ...layout, names: [...layout.names], columns: [...layout.columns] },
        // The parts' sketches will be merged.
        seed: seed + part,
        range,
        ...(plan && { plan }),
      }),
    ),
  );
  const found: CsvPass[] = [];
  for (const pass of passes) {
    if (pass.status === 'fulfilled') found.push(pass.value);
    else if (pass.reason?.name === 'UnreadableCsvError') return undefined;
    else throw pass.reason;
  }
  return found;
}

/** Runs a thread to its one message, which is ours and not checked again. */
function messageOf<T>(startThread: StartThread, input: ThreadInput): Promise<T> {
  return new Promise((resolve, reject) => {
    const worker = startThread(input);
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`A thread ended with ${code} before it had profiled its part of ${input.path}.`));
    });
  });
}

/**
 * As `profileParquet`, with a thread for some of the columns: Parquet is read by the column, so no work is done twice, and the profile is the very same.
 * @throws UnreadableDataError
 */
export async function profileParquetInThreads(
  path: string,
  threads: number,
  startThread: StartThread,
  { memoryMegabytes = 1769, columns, ...options }: ParquetOptions = {},
): Promise<Profile> {
  const wanted =
    columns ?? (await Database.with(memoryMegabytes, (database) => parquetColumns(database, path)));
  const parts = await Promise.all(
    columnShares(wanted, threads).map((share) =>
      messageOf<Profile>(startThread, {
        kind: 'parquet',
        path,
        columns: share,
        memoryMegabytes: memoryMegabytes / threads,
        ...options,
      }),
    ),
  );
  const found = new Map(parts.flatMap((part) => part.columns.map((column) => [column.name, column])));
  return {
    schemaVersion: 2,
    rows: parts[0]?.rows ?? 0,
    columns: wanted.flatMap(({ name }) => found.get(name) ?? []),
  };
}

/** Columns in shares of like work: those of a type take turns, as text takes longer than numbers. */
function columnShares(columns: readonly ProfiledColumn[], shares: number): ProfiledColumn[][] {
  const byType = columns.toSorted((a, b) => String(a.type).localeCompare(String(b.type)));
  return Array.from({ length: Math.min(shares, Math.max(1, columns.length)) }, (_, share) =>
    byType.filter((_, index) => index % shares === share),
  );
}

/** The columns with the narrowest types that the values of all parts have. */
function joined(parts: readonly (readonly FoundColumn[])[]): FoundColumn[] {
  const [first = [], ...others] = parts;
  return first.map((column, index) =>
    others.reduce((wide, part) => {
      const other = part[index];
      return {
        name: wide.name,
        type: widerType(wide.type, other?.type ?? null),
        spellsMissing: wide.spellsMissing || (other?.spellsMissing ?? false),
      };
    }, column),
  );
}

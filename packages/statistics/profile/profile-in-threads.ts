import type { Worker } from 'node:worker_threads';
import { widerType } from './cell-text.ts';
import { mergeProfiles } from './merge-profiles.ts';
import type { Profile } from './profile.schema.ts';
import {
  type CsvLayout,
  type CsvOptions,
  type CsvPass,
  csvLayout,
  type PassedColumn,
  profileCsv,
  profileCsvRange,
  settledTypes,
} from './profile-csv.ts';
import type { ThreadInput } from './profile-thread.schema.ts';
import type { FileRange } from './record-blocks.ts';
import { recordRanges } from './record-ranges.ts';

/** Starts a thread that runs `profile-thread.client.ts` with this data: where that file is, and as what, depends on how a program is built. */
export type StartThread = (workerData: ThreadInput) => Worker;

/**
 * As `profileCsv`, with a thread for each part of the file, of which this one is one: for a large file on a machine with several cores. A function's
 * bundle is one file, and what is too large for one function is profiled by many.
 * @throws UnreadableCsvError when a line is not a record
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

/** A pass over each part; `undefined` when a part has a line that is not a record. */
async function passesOver(
  path: string,
  layout: CsvLayout,
  ranges: readonly FileRange[],
  startThread: StartThread,
  { plan, seed = 0 }: CsvOptions,
): Promise<CsvPass[] | undefined> {
  const [own, ...others] = ranges;
  const of = (range: FileRange, part: number): ThreadInput => ({
    path,
    layout: { ...layout, names: [...layout.names], columns: [...layout.columns] },
    // The parts' sketches will be merged.
    seed: seed + part,
    range,
    ...(plan && { plan }),
  });
  const passes = await Promise.allSettled([
    ...others.map((range, index) => passOf(startThread, of(range, index + 1))),
    profileCsvRange(path, layout, { seed, ...(plan && { plan }) }, own),
  ]);
  const found: CsvPass[] = [];
  for (const pass of passes) {
    if (pass.status === 'fulfilled') found.push(pass.value);
    else if (pass.reason?.name === 'UnreadableCsvError') return undefined;
    else throw pass.reason;
  }
  return found;
}

/** Runs a thread to its one message, which is ours and not checked again. */
function passOf(startThread: StartThread, input: ThreadInput): Promise<CsvPass> {
  return new Promise((resolve, reject) => {
    const worker = startThread(input);
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`A thread ended with ${code} before it had profiled its part of ${input.path}.`));
    });
  });
}

/** The columns with the narrowest types that the values of all parts have. */
function joined(parts: readonly (readonly PassedColumn[])[]): PassedColumn[] {
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

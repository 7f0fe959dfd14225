import { parentPort, workerData } from 'node:worker_threads';
import { profileCsvRange } from './profile-csv.ts';
import { threadInputSchema } from './profile-thread.schema.ts';

/** A thread of `profile-in-threads.ts`: profiles some rows of a CSV file and posts what it found. */
const { path, layout, seed, plan, range } = threadInputSchema.parse(workerData);
const { start, end } = range;
const part = { start, ...(end !== undefined && { end }) };
parentPort?.postMessage(await profileCsvRange(path, layout, { seed, ...(plan && { plan }) }, part));

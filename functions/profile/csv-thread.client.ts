import { parentPort, workerData } from 'node:worker_threads';
import { csvThreadInputSchema } from './csv-thread.schema.ts';
import { profileCsvRange } from './profile-csv.ts';

/** A thread of `profileCsvInThreads`: profiles one part of a file and posts what it found. */
const { path, layout, plan, seed, range } = csvThreadInputSchema.parse(workerData);
const { start, end } = range;
const pass = await profileCsvRange(
  path,
  layout,
  { seed, ...(plan && { plan }) },
  { start, ...(end !== undefined && { end }) },
);
parentPort?.postMessage(pass);

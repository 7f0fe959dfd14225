import { parentPort, workerData } from 'node:worker_threads';
import { profileCsvRange } from './profile-csv.ts';
import { profileParquet } from './profile-parquet.ts';
import { threadInputSchema } from './profile-thread.schema.ts';

/** A thread of `profile-in-threads.ts`: profiles some rows or some columns of a file and posts what it found. */
const input = threadInputSchema.parse(workerData);
const options = {
  ...(input.plan && { plan: input.plan }),
  ...(input.seed !== undefined && { seed: input.seed }),
};
if (input.kind === 'csv') {
  const { start, end } = input.range;
  const range = { start, ...(end !== undefined && { end }) };
  parentPort?.postMessage(await profileCsvRange(input.path, input.layout, options, range));
} else {
  const { path, columns, memoryMegabytes } = input;
  parentPort?.postMessage(await profileParquet(path, { ...options, columns, memoryMegabytes }));
}

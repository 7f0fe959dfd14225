import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** A text file's lines, one at a time, whatever its size. */
export function readLines(path: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
}

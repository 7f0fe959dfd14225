import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ObjectPin } from '../datasets/manifest.schema.ts';
import type { Objects } from '../datasets/objects.client.ts';
import { type TextLine, textLines } from './text-lines.ts';

/** Firehose takes records of 1,000 KiB and SageMaker requests of 6 MB, captured with an answer of as much. */
const longestLine = 16 * 1024 ** 2;

/** A line of an object, or what is wrong with it. */
export type CapturedLine = TextLine | { readonly kind: 'broken-object' };

/**
 * Streams the lines of an object of captures or labels, unpacked if its key ends in `.gz` (also of several packed parts, as Firehose writes
 * them). An object whose packing is damaged or truncated yields what can be read, and then that it is broken; memory does not grow
 * with the object.
 * @throws ObjectGoneError
 */
export async function* linesOfObject(objects: Objects, object: ObjectPin): AsyncGenerator<CapturedLine> {
  const stored = await objects.open(object);
  try {
    yield* linesOfStream(stored, object.key.endsWith('.gz'));
  } finally {
    // A reader that has enough leaves the rest; its connection would wait for ever to be read.
    stored.destroy();
  }
}

async function* linesOfStream(stored: Readable, isPacked: boolean): AsyncGenerator<CapturedLine> {
  if (!isPacked) {
    yield* textLines(stored, longestLine);
    return;
  }
  const unpacked = createGunzip();
  // A connection that breaks must fail the read and not look like a damaged object.
  let transportError: unknown;
  stored.on('error', (error) => {
    transportError = error;
    unpacked.destroy(error);
  });
  try {
    yield* textLines(stored.pipe(unpacked), longestLine);
  } catch (error) {
    if (transportError !== undefined || !isDamage(error)) throw error;
    yield { kind: 'broken-object' };
  }
}

/** What zlib says of data that is not as it should be: `Z_DATA_ERROR`, `Z_BUF_ERROR`. */
function isDamage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^Z_(DATA|BUF)_ERROR$/.test(String(error.code));
}

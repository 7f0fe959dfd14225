import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

/** What is in a stream, read to its end. */
export interface Digest {
  /** Hexadecimal SHA-256. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Memory does not grow with it. */
export async function digestOf(stream: Readable): Promise<Digest> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of stream) {
    const buffer = Buffer.from(chunk);
    hash.update(buffer);
    bytes += buffer.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

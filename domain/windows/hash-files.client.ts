import type { Readable } from 'node:stream';
import type { ObjectPin } from '../datasets/manifest.schema.ts';
import type { Objects } from '../datasets/objects.client.ts';

/**
 * Files of hashes: ascending 64-bit floats, little-endian, as the processors of Lambda have them. Eight bytes each: a month of a million
 * predictions a day is 250 MB.
 */
export class HashFiles {
  readonly #objects: Objects;
  readonly #bucket: string;

  constructor(objects: Objects, bucket: string) {
    this.#objects = objects;
    this.#bucket = bucket;
  }

  put(key: string, sorted: Float64Array): Promise<ObjectPin> {
    const bytes = Buffer.from(sorted.buffer, sorted.byteOffset, sorted.byteLength);
    return this.#objects.putBytes(this.#bucket, key, bytes, 'application/octet-stream');
  }

  /** @throws ObjectGoneError when there is no such file */
  async readCurrent(key: string): Promise<Float64Array> {
    return hashesIn(await this.#objects.openCurrent(this.#bucket, key));
  }

  /** @throws ObjectGoneError */
  async read(pin: ObjectPin): Promise<Float64Array> {
    return hashesIn(await this.#objects.open(pin));
  }
}

async function hashesIn(stream: Readable): Promise<Float64Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  // Another buffer, as floats begin at a multiple of their size.
  const bytes = Uint8Array.from(Buffer.concat(chunks));
  return new Float64Array(bytes.buffer);
}

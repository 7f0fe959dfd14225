import type { Objects } from '../datasets/objects.client.ts';
import { windowKeys } from '../names.ts';

/**
 * The hashes of the inference ids of a window, one file a window: ascending 64-bit floats, little-endian, as the processors of Lambda
 * have them. Eight bytes each: a month of a million predictions a day is 250 MB.
 */
export class IdFiles {
  readonly #objects: Objects;
  readonly #bucket: string;

  constructor(objects: Objects, bucket: string) {
    this.#objects = objects;
    this.#bucket = bucket;
  }

  async put(model: string, windowId: string, sorted: Float64Array): Promise<void> {
    const bytes = Buffer.from(sorted.buffer, sorted.byteOffset, sorted.byteLength);
    const key = windowKeys(model, windowId).ids;
    await this.#objects.putBytes(this.#bucket, key, bytes, 'application/octet-stream');
  }

  /** @throws ObjectGoneError when there is no such file */
  async read(model: string, windowId: string): Promise<Float64Array> {
    const chunks: Buffer[] = [];
    const stream = await this.#objects.openCurrent(this.#bucket, windowKeys(model, windowId).ids);
    for await (const chunk of stream) chunks.push(Buffer.from(chunk));
    // Another buffer, as floats begin at a multiple of their size.
    const bytes = Uint8Array.from(Buffer.concat(chunks));
    return new Float64Array(bytes.buffer);
  }
}

import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createGunzip, createGzip } from 'node:zlib';
import type { Objects } from '@tidemark/domain/datasets/objects.client.ts';

/** Lines of text, compressed, in objects of one bucket. */
export class LineFiles {
  readonly #objects: Objects;
  readonly #bucket: string;

  constructor(objects: Objects, bucket: string) {
    this.#objects = objects;
    this.#bucket = bucket;
  }

  /** Lines without their ends. @throws ObjectGoneError when there is no such file */
  async *read(key: string): AsyncGenerator<string> {
    const compressed = await this.#objects.openCurrent(this.#bucket, key);
    const input = createGunzip();
    // A stream that breaks would otherwise end the file early, as if that were all.
    compressed.on('error', (error) => input.destroy(error));
    yield* createInterface({ input: compressed.pipe(input), crlfDelay: Number.POSITIVE_INFINITY });
  }

  async put(key: string, lines: CompressedLines): Promise<void> {
    await this.#objects.putBytes(this.#bucket, key, await lines.finish(), 'application/gzip');
  }
}

/** Collects lines and compresses them as they come: a million predictions make some tens of megabytes. */
export class CompressedLines {
  readonly #gzip = createGzip();
  readonly #chunks: Buffer[] = [];

  constructor() {
    this.#gzip.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
  }

  /** @param line with its end; resolves when the next one may come */
  async add(line: string): Promise<void> {
    if (!this.#gzip.write(line)) await once(this.#gzip, 'drain');
  }

  async finish(): Promise<Buffer> {
    const ended = once(this.#gzip, 'end');
    this.#gzip.end();
    await ended;
    return Buffer.concat(this.#chunks);
  }
}

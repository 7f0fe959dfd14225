import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { link, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import type { Segment } from './object-version.schema.ts';

/**
 * Files of content, written once and never changed. A file gets its name in `blobs/` only when all of its content is
 * there. Files that are being read are deleted when their last reader is done.
 */
export class Blobs {
  readonly #directory: string;
  readonly #temporary: string;
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();

  private constructor(directory: string) {
    this.#directory = join(directory, 'blobs');
    this.#temporary = join(directory, 'incoming');
  }

  /** Opens the store and forgets content that was on its way when the region stopped. */
  static async open(directory: string): Promise<Blobs> {
    const blobs = new Blobs(directory);
    await rm(blobs.#temporary, { recursive: true, force: true });
    await mkdir(blobs.#temporary, { recursive: true });
    await mkdir(blobs.#directory, { recursive: true });
    return blobs;
  }

  /** Creates a file from what `fill` writes. Nothing is left behind if `fill` fails. */
  async create<Filled>(fill: (sink: Writable) => Promise<Filled>): Promise<{ blob: string; filled: Filled }> {
    const blob = randomUUID();
    const temporary = join(this.#temporary, blob);
    const sink = createWriteStream(temporary);
    try {
      const filled = await fill(sink);
      await mkdir(this.#folder(blob), { recursive: true });
      await rename(temporary, this.#path(blob));
      return { blob, filled };
    } catch (error) {
      // A stream that is still opening would create the file after it was removed.
      await closed(sink);
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** Another name for the same content, with a life of its own. */
  async duplicate(blob: string): Promise<string> {
    const copy = randomUUID();
    await mkdir(this.#folder(copy), { recursive: true });
    await link(this.#path(blob), this.#path(copy));
    return copy;
  }

  /** Keeps files from being deleted until the returned function is called. */
  hold(segments: readonly Segment[]): () => Promise<void> {
    for (const { blob } of segments) this.#readers.set(blob, (this.#readers.get(blob) ?? 0) + 1);
    return async () => {
      for (const { blob } of segments) await this.#release(blob);
    };
  }

  /** Bytes `start` to `end`, both included, of segments one behind the other. */
  read(segments: readonly Segment[], start: number, end: number): Readable {
    return Readable.from(this.#slices(segments, start, end), { objectMode: false });
  }

  async *#slices(segments: readonly Segment[], start: number, end: number): AsyncGenerator<Buffer> {
    let offset = 0;
    for (const { blob, size } of segments) {
      const from = Math.max(start - offset, 0);
      const to = Math.min(end - offset, size - 1);
      if (from <= to)
        yield* createReadStream(this.#path(blob), { start: from, end: to, highWaterMark: 256 * 1024 });
      offset += size;
    }
  }

  async remove(segments: readonly Segment[]): Promise<void> {
    for (const { blob } of segments) {
      if (this.#readers.has(blob)) this.#doomed.add(blob);
      else await rm(this.#path(blob), { force: true });
    }
  }

  /** Deletes files that nothing refers to: what a stop left between writing a file and recording it. */
  async removeAllBut(referenced: ReadonlySet<string>): Promise<void> {
    for (const folder of await readdir(this.#directory))
      for (const blob of await readdir(join(this.#directory, folder)))
        if (!referenced.has(blob)) await rm(join(this.#directory, folder, blob));
  }

  async #release(blob: string): Promise<void> {
    const readers = (this.#readers.get(blob) ?? 0) - 1;
    if (readers > 0) {
      this.#readers.set(blob, readers);
      return;
    }
    this.#readers.delete(blob);
    if (this.#doomed.delete(blob)) await rm(this.#path(blob), { force: true });
  }

  /** 256 folders, so that none grows too long to list. */
  #folder(blob: string): string {
    return join(this.#directory, blob.slice(0, 2));
  }

  #path(blob: string): string {
    return join(this.#folder(blob), blob);
  }
}

/** Resolves when a stream has let go of its file, whatever it was doing. */
async function closed(stream: WriteStream): Promise<void> {
  if (stream.closed) return;
  const isClosed = new Promise<void>((resolve) => stream.once('close', resolve));
  stream.destroy();
  await isClosed;
}

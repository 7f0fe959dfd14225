import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Collection, RecordChange, RecordStore } from '../../store/record-store.ts';
import type { Time } from '../../virtual-time.ts';
import type { FirehoseObject } from './object-of.ts';
import { type BufferedRecord, bufferedRecordSchema, type Stream } from './stream.schema.ts';

/** Longest pause between two attempts to write an object, in seconds. */
const maxPauseSeconds = 60;

const megabyte = 1024 * 1024;

/** Records of one stream and one partition that are to become one object. */
interface Buffered {
  readonly stream: string;
  /** Milliseconds since the epoch, in virtual time: of the oldest record. */
  readonly begunAt: number;
  readonly keys: string[];
  bytes: number;
  /** Aborted to flush before the interval is over. */
  readonly full: AbortController;
}

export interface BuffersOptions {
  readonly records: RecordStore;
  readonly time: Time;
  /** The wall's, for pauses between attempts. */
  readonly clock: Clock;
  /** The stream as it is now; `undefined` when it was deleted. */
  readonly stream: (name: string) => Stream | undefined;
  readonly objectOf: (stream: Stream, records: readonly BufferedRecord[]) => FirehoseObject;
  readonly write: (stream: Stream, object: FirehoseObject) => Promise<void>;
  /** Told of every attempt that failed; there will be another. */
  readonly onFailedDelivery: (stream: Stream, error: unknown) => void;
  readonly onFault: (fault: unknown, what: string) => void;
}

/**
 * Records on their way to S3. A record is on disk before its call is answered and is deleted once its object is written, so it reaches S3 at
 * least once.
 */
export class Buffers {
  readonly #options: BuffersOptions;
  readonly #collection: Collection<BufferedRecord>;
  readonly #buffers = new Map<string, Buffered>();
  /** Keys of all buffered records: `start` may find on disk what was added while it looked. */
  readonly #known = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #isStarted = false;
  #count = 0;

  constructor(options: BuffersOptions) {
    this.#options = options;
    this.#collection = options.records.collection('record', bufferedRecordSchema);
  }

  /** Takes up what an earlier run left. */
  async start(): Promise<void> {
    if (this.#isStarted) return;
    this.#isStarted = true;
    const lost: RecordChange[] = [];
    for await (const [key, record] of this.#collection.entries()) {
      if (this.#options.stream(record.stream)) this.#add(key, record);
      else lost.push(this.#collection.del(key));
    }
    await this.#options.records.write(lost);
  }

  /** Keeps records. Returns once they are on disk. */
  async add(records: readonly BufferedRecord[]): Promise<void> {
    const keyed = records.map((record) => [this.#nextKey(), record] as const);
    await this.#options.records.write(keyed.map(([key, record]) => this.#collection.put(key, record)));
    if (this.#isStarted) for (const [key, record] of keyed) this.#add(key, record);
  }

  /** Ends after the writes under way; the rest is taken up by the next `start`. */
  async close(): Promise<void> {
    this.#isStarted = false;
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  #add(key: string, record: BufferedRecord): void {
    const stream = this.#options.stream(record.stream);
    if (!stream || this.#known.has(key)) return;
    this.#known.add(key);
    const partition = JSON.stringify([record.stream, record.partition, record.error !== undefined]);
    const buffer = this.#buffers.get(partition) ?? this.#begin(partition, stream, record.arrivedAt);
    buffer.keys.push(key);
    buffer.bytes += record.data.length * 0.75;
    if (buffer.bytes >= stream.destination.BufferingHints.SizeInMBs * megabyte) {
      this.#buffers.delete(partition);
      buffer.full.abort();
    }
  }

  #begin(partition: string, { name }: Stream, begunAt: number): Buffered {
    const buffer = { stream: name, begunAt, keys: [], bytes: 0, full: new AbortController() };
    this.#buffers.set(partition, buffer);
    const running = this.#see(partition, buffer)
      .catch((fault) => {
        if (!this.#stop.signal.aborted) this.#options.onFault(fault, `firehose: the stream ${name}`);
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
    return buffer;
  }

  async #see(partition: string, buffer: Buffered): Promise<void> {
    const { time, stream } = this.#options;
    const seconds = stream(buffer.stream)?.destination.BufferingHints.IntervalInSeconds ?? 0;
    const signal = AbortSignal.any([this.#stop.signal, buffer.full.signal]);
    await time.until(buffer.begunAt + seconds * 1000, signal).catch((error: unknown) => {
      if (!buffer.full.signal.aborted) throw error;
    });
    if (this.#buffers.get(partition) === buffer) this.#buffers.delete(partition);
    await this.#deliver(buffer);
  }

  /** Writes one object, as often as it takes. */
  async #deliver(buffer: Buffered): Promise<void> {
    const { clock, records, objectOf, write, onFailedDelivery } = this.#options;
    const contents = await this.#contentsOf(buffer);
    for (let attempt = 0; ; attempt += 1) {
      const stream = this.#options.stream(buffer.stream);
      // A stream that was deleted takes its records along.
      if (!stream) break;
      try {
        await write(stream, objectOf(stream, contents));
        break;
      } catch (error) {
        this.#stop.signal.throwIfAborted();
        onFailedDelivery(stream, error);
        const pause = clock.waitMilliseconds(Math.min(2 ** attempt, maxPauseSeconds));
        await clock.until(clock.now() + pause, this.#stop.signal);
      }
    }
    await records.write(buffer.keys.map((key) => this.#collection.del(key)));
    for (const key of buffer.keys) this.#known.delete(key);
  }

  async #contentsOf({ keys }: Buffered): Promise<BufferedRecord[]> {
    const found = await Promise.all(keys.map((key) => this.#collection.get(key)));
    return found.filter((record) => record !== undefined);
  }

  /** Unique over restarts, and in the order of arrival. */
  #nextKey(): string {
    this.#count += 1;
    const at = String(this.#options.time.now()).padStart(18, '0');
    return `${at}-${String(this.#count).padStart(9, '0')}-${randomUUID()}`;
  }
}

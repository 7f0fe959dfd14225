import { AwsError } from '../../aws-error.ts';
import { Mutex } from '../../store/mutex.ts';
import type { Collection, RecordStore } from '../../store/record-store.ts';
import { type Processing, processingOf } from './processing.ts';
import { type Destination, type Stream, streamSchema } from './stream.schema.ts';

/** The delivery streams: in memory, and on disk for the next start. */
export class FirehoseState {
  readonly turns = new Mutex();
  readonly #records: RecordStore;
  readonly #collection: Collection<Stream>;
  readonly #streams = new Map<string, { readonly stream: Stream; readonly processing: Processing }>();
  readonly #arnPrefix: string;

  private constructor(records: RecordStore, { region, accountId }: { region: string; accountId: string }) {
    this.#records = records;
    this.#collection = records.collection('stream', streamSchema);
    this.#arnPrefix = `arn:aws:firehose:${region}:${accountId}:deliverystream/`;
  }

  static async open(
    records: RecordStore,
    place: { region: string; accountId: string },
  ): Promise<FirehoseState> {
    const state = new FirehoseState(records, place);
    for await (const [name, stream] of state.#collection.entries()) {
      state.#streams.set(name, { stream, processing: processingOf(stream.destination) });
    }
    return state;
  }

  arn(name: string): string {
    return this.#arnPrefix + name;
  }

  names(): string[] {
    return [...this.#streams.keys()].sort();
  }

  find(name: string): { readonly stream: Stream; readonly processing: Processing } | undefined {
    return this.#streams.get(name);
  }

  /** @throws AwsError `ResourceNotFoundException` */
  get(name: string): { readonly stream: Stream; readonly processing: Processing } {
    const found = this.#streams.get(name);
    if (found) return found;
    throw new AwsError('ResourceNotFoundException', `Firehose ${name} not found under this account.`);
  }

  /** Makes a stream, or gives one another destination. @throws DestinationError */
  async put(name: string, destination: Destination, now: number): Promise<void> {
    const processing = processingOf(destination);
    await this.turns.run(async () => {
      const existing = this.#streams.get(name)?.stream;
      const isSame = JSON.stringify(existing?.destination) === JSON.stringify(destination);
      const stream = {
        name,
        destination,
        version: existing ? existing.version + (isSame ? 0 : 1) : 1,
        createdAt: existing?.createdAt ?? now,
      };
      await this.#records.write([this.#collection.put(name, stream)]);
      this.#streams.set(name, { stream, processing });
    });
  }

  async remove(name: string): Promise<void> {
    await this.turns.run(async () => {
      await this.#records.write([this.#collection.del(name)]);
      this.#streams.delete(name);
    });
  }
}

import * as z from 'zod';
import type { EventSink } from '../../gateway/service.ts';
import type { Collection, RecordChange, RecordStore } from '../../store/record-store.ts';

const eventSchema = z.strictObject({
  'detail-type': z.string(),
  source: z.string(),
  resources: z.array(z.string()),
  detail: z.unknown(),
  at: z.number().exactOptional(),
});
export type OutgoingEvent = z.infer<typeof eventSchema>;

/**
 * A service's events on their way to EventBridge. An event is recorded in the same write as its cause and deleted once the bus
 * has taken it, so a stop in between delays it, or delivers it twice, but never loses it.
 */
export class Outbox {
  readonly #records: RecordStore;
  readonly #events: Collection<OutgoingEvent>;
  readonly #sink: EventSink;
  readonly #onFault: (fault: unknown, what: string) => void;
  readonly #service: string;
  #sending: Promise<void> = Promise.resolve();

  /** @param service whose events these are, for reports of faults */
  constructor(
    service: string,
    records: RecordStore,
    sink: EventSink,
    onFault: (fault: unknown, what: string) => void,
  ) {
    this.#service = service;
    this.#records = records;
    this.#events = records.collection('event', eventSchema);
    this.#sink = sink;
    this.#onFault = onFault;
  }

  /** The change that records an event; events are sent in the order of `key`. */
  record(key: string, event: OutgoingEvent): RecordChange {
    return this.#events.put(key, event);
  }

  /** Sends what is recorded, in the background. What fails is sent again the next time. */
  send(): void {
    this.#sending = this.#sending.then(async () => {
      try {
        for await (const [key, event] of this.#events.entries()) {
          await this.#sink.emit(event);
          await this.#records.write([this.#events.del(key)]);
        }
      } catch (fault) {
        this.#onFault(fault, `${this.#service}: sending an event to the default bus`);
      }
    });
  }

  /** Resolves when every event recorded so far was tried. */
  async idle(): Promise<void> {
    await this.#sending;
  }
}

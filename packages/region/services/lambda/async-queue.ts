import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { type AsyncEvent, asyncEventSchema } from './async-event.schema.ts';
import type { InvocationResult } from './function-configuration.ts';

/** Delays before the first and the second retry: AWS's. */
const retrySeconds = [60, 120] as const;

interface QueueOptions {
  readonly directory: string;
  readonly clock: Clock;
  /** Undefined when the function no longer exists. */
  readonly maximumRetries: (functionName: string) => number | undefined;
  readonly invoke: (event: AsyncEvent) => Promise<InvocationResult>;
  /** Called once for an event whose last attempt has failed. */
  readonly giveUp: (event: AsyncEvent, result: InvocationResult) => Promise<void>;
  readonly onFault: (fault: unknown, what: string) => void;
}

/**
 * Asynchronous invocations: kept on disk until they succeed or are given up, so that a restart loses none. At least
 * once: what was running when the region stopped is run again.
 */
export class AsyncQueue {
  readonly #options: QueueOptions;
  readonly #directory: string;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#directory = join(options.directory, 'events');
    mkdirSync(this.#directory, { recursive: true });
  }

  /** Takes an event; it is on disk when this returns. */
  add(event: Pick<AsyncEvent, 'requestId' | 'functionName' | 'payload'>): void {
    const queued = { ...event, attempts: 0, dueAt: this.#options.clock.now() };
    this.#write(queued);
    this.#begin(queued);
  }

  /** Takes up what an earlier run of the region left. */
  resume(): void {
    for (const file of readdirSync(this.#directory).filter((name) => name.endsWith('.json'))) {
      this.#begin(asyncEventSchema.parse(JSON.parse(readFileSync(join(this.#directory, file), 'utf8'))));
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the region is closing'));
    await Promise.all(this.#running);
  }

  #begin(event: AsyncEvent): void {
    const run = this.#run(event).catch((fault) => {
      if (!this.#closing.signal.aborted) {
        this.#options.onFault(fault, `asynchronous invocation of ${event.functionName}`);
      }
    });
    this.#running.add(run);
    void run.then(() => this.#running.delete(run));
  }

  async #run(first: AsyncEvent): Promise<void> {
    const { clock, invoke, maximumRetries, giveUp } = this.#options;
    let event = first;
    for (;;) {
      await clock.until(event.dueAt, this.#closing.signal);
      const retries = maximumRetries(event.functionName);
      const result = retries === undefined ? undefined : await invoke(event);
      this.#closing.signal.throwIfAborted();
      if (result?.functionError === undefined) break;
      const delay = retrySeconds[event.attempts];
      event = { ...event, attempts: event.attempts + 1 };
      if (delay === undefined || event.attempts > (retries ?? 0)) {
        await giveUp(event, result);
        break;
      }
      event = { ...event, dueAt: clock.now() + clock.waitMilliseconds(delay) };
      this.#write(event);
    }
    rmSync(this.#file(event), { force: true });
  }

  #write(event: AsyncEvent): void {
    const file = this.#file(event);
    writeFileSync(`${file}.new`, JSON.stringify(event));
    renameSync(`${file}.new`, file);
  }

  #file({ requestId }: AsyncEvent): string {
    return join(this.#directory, `${requestId}.json`);
  }
}

import { AwsError } from '../../aws-error.ts';
import type { Clock } from '../../clock.ts';
import type { Collection, RecordChange, RecordStore } from '../../store/record-store.ts';
import { type DeadLetter, deadLetterOf } from './dead-letter.ts';
import { type Delivery, deliverySchema } from './delivery.schema.ts';
import { type DeliveryFailure, failureOf, nextStep } from './delivery-retry.ts';
import { targetInput } from './input/target-input.ts';
import { Permits } from './permits.ts';

/** Attempts under way at a time: enough to keep every target busy, few enough to leave sockets and memory alone. */
const maxConcurrentAttempts = 32;

/** What a delivery function is told besides the input. */
export interface DeliveryContext {
  /** The role EventBridge assumes for this target. */
  readonly roleArn: string | undefined;
  readonly eventId: string;
  readonly ruleArn: string;
}

/**
 * Hands an input (JSON) to a target. Resolves when the target has taken it; an `AwsError` that is no throttling and
 * no fault (status below 500) is final, everything else is tried again.
 */
export type Deliver = (targetArn: string, input: string, context: DeliveryContext) => Promise<void>;

export interface DeliveryOptions {
  readonly clock: Clock;
  /** By the service in the target's ARN: `states`, `lambda`, `sqs`, … */
  readonly targets: Readonly<Record<string, Deliver>>;
  readonly sendDeadLetter: (letter: DeadLetter) => Promise<void>;
  /** Told of an event that is given up, with or without a dead-letter queue. */
  readonly onGivenUp: (delivery: Delivery, failure: DeliveryFailure) => void;
  readonly onFault: (fault: unknown, what: string) => void;
  /** From 0 to 1. */
  readonly random: () => number;
}

/**
 * Events on their way to targets, at least once: a delivery is on disk before its event counts as accepted and is
 * deleted when its target has taken it. Targets of one event do not wait for each other.
 */
export class Deliveries {
  readonly #records: RecordStore;
  readonly #deliveries: Collection<Delivery>;
  readonly #options: DeliveryOptions;
  readonly #stop = new AbortController();
  readonly #permits = new Permits(maxConcurrentAttempts);
  /** By key. */
  readonly #running = new Map<string, Promise<void>>();
  /** Deliveries that are tried now or about to be, as opposed to those that wait for their next attempt. */
  #busy = 0;
  #idleWaiters: (() => void)[] = [];
  #isStarted = false;

  constructor(records: RecordStore, options: DeliveryOptions) {
    this.#records = records;
    this.#deliveries = records.collection('delivery', deliverySchema);
    this.#options = options;
  }

  /** The change that records a delivery. Call `begin` once it is written. */
  record(delivery: Delivery): RecordChange {
    return this.#deliveries.put(delivery.key, delivery);
  }

  /** Takes up what an earlier run left, and from now on everything at once. */
  async start(): Promise<void> {
    if (this.#isStarted) return;
    this.#isStarted = true;
    for await (const [, delivery] of this.#deliveries.entries()) this.begin([delivery]);
  }

  begin(deliveries: readonly Delivery[]): void {
    if (!this.#isStarted) return;
    for (const delivery of deliveries) {
      const { key } = delivery;
      // `start` may find on disk what was accepted while it looked.
      if (this.#running.has(key)) continue;
      const running = this.#see(delivery)
        .catch((fault) => this.#reportFault(fault, delivery))
        .finally(() => this.#running.delete(key));
      this.#running.set(key, running);
    }
  }

  /** Resolves when nothing is being delivered. What waits for another attempt does not count. */
  async idle(): Promise<void> {
    if (this.#busy > 0) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  /** Ends after the attempts under way; the rest is taken up by the next `start`. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running.values());
  }

  /** Sees a delivery through: attempts and pauses until it is delivered, given up, or the region stops. */
  async #see(delivery: Delivery): Promise<void> {
    const { signal } = this.#stop;
    let next: Delivery | undefined = delivery;
    while (next && !signal.aborted) {
      if (next.nextAttemptAt > this.#options.clock.now()) await this.#pauseUntil(next.nextAttemptAt);
      if (!signal.aborted) next = await this.#whileBusy(next);
    }
  }

  /** Returns early when the region stops. */
  async #pauseUntil(epochMilliseconds: number): Promise<void> {
    const { signal } = this.#stop;
    await this.#options.clock.until(epochMilliseconds, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  async #whileBusy(delivery: Delivery): Promise<Delivery | undefined> {
    this.#busy += 1;
    try {
      return await this.#permits.run(async () =>
        this.#stop.signal.aborted ? undefined : await this.#attempt(delivery),
      );
    } finally {
      this.#busy -= 1;
      if (this.#busy === 0) for (const resolve of this.#idleWaiters.splice(0)) resolve();
    }
  }

  /** @returns the delivery as it is to be tried again, `undefined` when it is over */
  async #attempt(delivery: Delivery): Promise<Delivery | undefined> {
    const failure = await this.#deliver(delivery);
    if (failure) {
      const failed = { ...delivery, failedAttempts: delivery.failedAttempts + 1 };
      const { clock, random } = this.#options;
      const ageSeconds = (clock.now() - delivery.acceptedAt) / clock.waitMilliseconds(1);
      const step = nextStep(failure, delivery.retryPolicy, failed.failedAttempts, ageSeconds, random());
      if (step.kind === 'retry') {
        const next = { ...failed, nextAttemptAt: clock.now() + clock.waitMilliseconds(step.pauseSeconds) };
        await this.#records.write([this.record(next)]);
        return next;
      }
      await this.#giveUp(failed, failure, step);
    }
    await this.#records.write([this.#deliveries.del(delivery.key)]);
    return undefined;
  }

  async #deliver(delivery: Delivery): Promise<DeliveryFailure | undefined> {
    const { event, target, ruleArn, ruleName, acceptedAt } = delivery;
    let input: string;
    try {
      const ingestionTime = new Date(acceptedAt).toISOString();
      input = targetInput(target, event, { ruleArn, ruleName, ingestionTime });
    } catch (error) {
      return { code: 'INVALID_JSON', message: String(error), isRetriable: false };
    }
    try {
      const deliver = this.#options.targets[serviceOf(target.Arn)];
      if (!deliver)
        throw new AwsError('ResourceNotFound', `The local region has no target ${target.Arn}`, 400);
      await deliver(target.Arn, input, { roleArn: target.RoleArn, eventId: event.id, ruleArn });
      return undefined;
    } catch (error) {
      if (!(error instanceof AwsError)) this.#reportFault(error, delivery);
      return failureOf(error);
    }
  }

  async #giveUp(
    delivery: Delivery,
    failure: DeliveryFailure,
    step: Parameters<typeof deadLetterOf>[3],
  ): Promise<void> {
    this.#options.onGivenUp(delivery, failure);
    const queueArn = delivery.target.DeadLetterConfig?.Arn;
    if (queueArn !== undefined)
      await this.#options.sendDeadLetter(deadLetterOf(delivery, queueArn, failure, step));
  }

  #reportFault(fault: unknown, { ruleName, target }: Delivery): void {
    this.#options.onFault(fault, `events: delivering to ${target.Arn} for the rule ${ruleName}`);
  }
}

/** `arn:aws:<service>:…` */
export function serviceOf(arn: string): string {
  return arn.split(':')[2] ?? '';
}

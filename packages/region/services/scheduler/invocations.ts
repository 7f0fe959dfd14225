import { AwsError } from '../../aws-error.ts';
import type { Clock } from '../../clock.ts';
import type { Collection, RecordChange, RecordStore } from '../../store/record-store.ts';
import type { Time } from '../../virtual-time.ts';
import type { DeadLetter } from '../events/dead-letter.ts';
import { serviceOf } from '../events/deliveries.ts';
import { type DeliveryFailure, type DeliveryStep, failureOf, nextStep } from '../events/delivery-retry.ts';
import { retryPolicySchema } from '../events/rule.schema.ts';
import {
  type ScheduledInvocation,
  type ScheduleTarget,
  scheduledInvocationSchema,
} from './schedule.schema.ts';
import { scheduledTargetInput, scheduledTime } from './scheduled-target-input.ts';

/** Hands an input to a target as the schedule's role. Throws an `AwsError` for what the target answers. */
export type InvokeTarget = (target: ScheduleTarget, input: string, scheduleArn: string) => Promise<void>;

export interface InvocationsOptions {
  readonly time: Time;
  /** The wall's, for pauses between attempts. */
  readonly clock: Clock;
  /** By the service in the target's ARN. */
  readonly targets: Readonly<Record<string, InvokeTarget>>;
  readonly sendDeadLetter: (letter: DeadLetter) => Promise<void>;
  /** Told of an invocation that is given up, with or without a dead-letter queue. */
  readonly onGivenUp: (invocation: ScheduledInvocation, failure: DeliveryFailure) => void;
  readonly onFault: (fault: unknown, what: string) => void;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** Occurrences on their way to their targets, at least once, over restarts. */
export class Invocations {
  readonly #records: RecordStore;
  readonly #invocations: Collection<ScheduledInvocation>;
  readonly #options: InvocationsOptions;
  readonly #stop = new AbortController();
  readonly #running = new Map<string, Promise<void>>();
  #isStarted = false;

  constructor(records: RecordStore, options: InvocationsOptions) {
    this.#records = records;
    this.#invocations = records.collection('invocation', scheduledInvocationSchema);
    this.#options = options;
  }

  /** The change that records an invocation. Call `begin` once it is written. */
  record(invocation: ScheduledInvocation): RecordChange {
    return this.#invocations.put(invocation.id, invocation);
  }

  /** Takes up what an earlier run left, and from now on everything at once. */
  async start(): Promise<void> {
    this.#isStarted = true;
    for await (const [, invocation] of this.#invocations.entries()) this.begin(invocation);
  }

  begin(invocation: ScheduledInvocation): void {
    if (!this.#isStarted || this.#running.has(invocation.id)) return;
    const running = this.#see(invocation)
      .catch((fault) => {
        if (!this.#stop.signal.aborted)
          this.#options.onFault(fault, `scheduler: invoking ${invocation.target.Arn}`);
      })
      .finally(() => this.#running.delete(invocation.id));
    this.#running.set(invocation.id, running);
  }

  /** Ends after the attempts under way; the rest is taken up by the next `start`. */
  async close(): Promise<void> {
    this.#isStarted = false;
    this.#stop.abort();
    await Promise.all(this.#running.values());
  }

  async #see(invocation: ScheduledInvocation): Promise<void> {
    const { signal } = this.#stop;
    await this.#options.time.until(invocation.dueAt, signal);
    for (let next: ScheduledInvocation | undefined = invocation; next; ) {
      await this.#options.clock.until(next.nextAttemptAt, signal);
      next = await this.#attempt(next);
    }
  }

  /** @returns the invocation as it is to be tried again, `undefined` when it is over */
  async #attempt(invocation: ScheduledInvocation): Promise<ScheduledInvocation | undefined> {
    const failure = await this.#invoke(invocation);
    if (failure) {
      const { clock, random } = this.#options;
      const failed = { ...invocation, failedAttempts: invocation.failedAttempts + 1 };
      const ageSeconds = (clock.now() - invocation.acceptedAt) / clock.waitMilliseconds(1);
      const policy = invocation.target.RetryPolicy ?? retryPolicySchema.parse({});
      const step = nextStep(failure, policy, failed.failedAttempts, ageSeconds, random());
      if (step.kind === 'retry') {
        const next = { ...failed, nextAttemptAt: clock.now() + clock.waitMilliseconds(step.pauseSeconds) };
        await this.#records.write([this.record(next)]);
        return next;
      }
      await this.#giveUp(failed, failure, step);
    }
    await this.#records.write([this.#invocations.del(invocation.id)]);
    return undefined;
  }

  async #invoke(invocation: ScheduledInvocation): Promise<DeliveryFailure | undefined> {
    const { target } = invocation;
    try {
      const invoke = this.#options.targets[serviceOf(target.Arn)];
      if (!invoke) throw new AwsError('ResourceNotFound', `The local region has no target ${target.Arn}`);
      await invoke(target, scheduledTargetInput(invocation), invocation.scheduleArn);
      return undefined;
    } catch (error) {
      if (!(error instanceof AwsError)) this.#options.onFault(error, `scheduler: invoking ${target.Arn}`);
      return failureOf(error);
    }
  }

  async #giveUp(
    invocation: ScheduledInvocation,
    failure: DeliveryFailure,
    step: Extract<DeliveryStep, { kind: 'give-up' }>,
  ): Promise<void> {
    this.#options.onGivenUp(invocation, failure);
    const queueArn = invocation.target.DeadLetterConfig?.Arn;
    if (queueArn !== undefined) {
      await this.#options.sendDeadLetter(deadLetterOf(invocation, queueArn, failure, step));
    }
  }
}

function deadLetterOf(
  invocation: ScheduledInvocation,
  queueArn: string,
  failure: DeliveryFailure,
  { exhausted }: Extract<DeliveryStep, { kind: 'give-up' }>,
): DeadLetter {
  const { id, scheduleArn, target, scheduledAt, failedAttempts } = invocation;
  return {
    queueArn,
    sender: { kind: 'role', arn: target.RoleArn },
    body: scheduledTargetInput({ ...invocation, failedAttempts: failedAttempts - 1 }),
    attributes: {
      ERROR_CODE: failure.code,
      ERROR_MESSAGE: failure.message,
      EXECUTION_ID: id,
      IS_PAYLOAD_TRUNCATED: 'false',
      RETRY_ATTEMPTS: String(failedAttempts - 1),
      SCHEDULED_TIME: scheduledTime(scheduledAt),
      SCHEDULE_ARN: scheduleArn,
      TARGET_ARN: target.Arn,
      ...(exhausted && { EXHAUSTED_RETRY_CONDITION: exhausted }),
    },
  };
}

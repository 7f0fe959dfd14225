import type { Clock } from '../clock.ts';
import { halt } from './breakpoint.ts';
import { attemptKey, type Visit } from './execution-run.ts';
import { failureDetails, outputDetails, taskEvent } from './history.ts';
import { Interruption } from './interruption.ts';
import type { Checkpoint } from './journal.schema.ts';
import type { Json } from './machine-definition.schema.ts';
import { withinPayloadLimit } from './payload-limit.ts';
import { StateError, timedOut } from './state-error.ts';
import type { Integration, Resource, TaskCall } from './tasks/integration.ts';

/** How often a `.sync` task looks at its job. AWS is told by events; half a second is as good here. */
const pollSeconds = 0.5;
/** How long an aborted task waits for its job's stop to be taken. */
const stopMilliseconds = 5_000;

type Scheduled = Extract<Checkpoint, { kind: 'scheduled' }>;

/** One attempt at a task, from its call (or, resumed, from where it stood) to its recorded outcome. */
export class TaskAttempt {
  readonly #visit: Visit;
  readonly #resource: Resource;
  readonly #integration: Integration;
  readonly #scheduled: Scheduled;
  readonly #call: TaskCall;
  readonly #isResumed: boolean;
  /** Aborted with `States.Timeout`. */
  readonly #expiry = new AbortController();
  #settled = false;
  #leave: () => void = () => undefined;

  constructor(
    visit: Visit,
    resource: Resource,
    integration: Integration,
    scheduled: Scheduled,
    isResumed: boolean,
  ) {
    this.#isResumed = isResumed;
    this.#visit = visit;
    this.#resource = resource;
    this.#integration = integration;
    this.#scheduled = scheduled;
    this.#call = {
      resource,
      arguments: scheduled.arguments,
      roleArn: visit.run.execution.roleArn,
      executionArn: visit.run.execution.arn,
      stateMachineArn: visit.run.stateMachine.arn,
      signal: AbortSignal.any([visit.frame.signal, this.#expiry.signal]),
    };
  }

  /** The task's result, recorded; throws the recorded failure, or the interruption, which is not recorded. */
  async result(): Promise<Json> {
    let cancelTimeout = () => {};
    try {
      await halt(this.#visit, 'begins', this.#call.signal);
      this.#leave = (await this.#integration.admit?.(this.#call.signal)) ?? this.#leave;
      // Time in which the region does not run does not count: a resumed task has its whole timeout before it.
      cancelTimeout = this.#expireAfter(this.#scheduled.timeoutSeconds, timedOut('timeout'));
      return await this.#outcome();
    } catch (error) {
      // Whatever an aborted call throws, the reason of the abort is what happened.
      const reason: unknown = this.#call.signal.aborted ? this.#call.signal.reason : error;
      if (reason instanceof StateError) this.#recordFailure(reason);
      throw reason;
    } finally {
      cancelTimeout();
      this.#leave();
    }
  }

  async #outcome(): Promise<Json> {
    switch (this.#resource.pattern) {
      case 'request-response':
        return this.#recordSuccess(await this.#answer());
      case 'sync':
        return this.#recordSuccess(await this.#jobResult());
      case 'waitForTaskToken':
        return this.#tokenResult(this.#scheduled.token ?? '');
    }
  }

  /** The call's answer: from then on the service has room for another call, whatever is still waited for. */
  async #answer(): Promise<Json> {
    try {
      return await this.#integration.call(this.#call);
    } finally {
      this.#leave();
    }
  }

  /** Makes the call whose answer is not yet the result, unless an earlier run of the region has made it. */
  async #submit(): Promise<Json> {
    const { journal } = this.#visit.run;
    const { cursor } = this.#visit.frame;
    const earlier = journal.find('submitted', attemptKey(this.#visit), cursor);
    if (earlier) return earlier.output;
    const adopted = this.#isResumed
      ? await this.#integration.adopt?.(this.#call, this.#scheduled.at)
      : undefined;
    const output = withinPayloadLimit(adopted ?? (await this.#answer()), this.#visit.name);
    // A token may come back before the call that handed it out is answered.
    if (!this.#settled) {
      const submitted = taskEvent('Submitted', this.#resource, outputDetails(output));
      journal.record(attemptKey(this.#visit), { kind: 'submitted', output }, cursor, [submitted]);
    }
    return output;
  }

  async #jobResult(): Promise<Json> {
    const { clock } = this.#visit.run;
    const { signal } = this.#call;
    const submission = await this.#submit();
    const began = clock.now();
    try {
      await halt(this.#visit, 'submitted', signal);
      for (;;) {
        const job = await this.#integration.look?.(this.#call, submission);
        if (job?.status === 'succeeded') return job.result;
        const now = clock.now();
        const pause = Math.max(clock.waitMilliseconds(pollSeconds), shortestPause(now - began));
        await clock.until(now + pause, signal);
      }
    } catch (error) {
      if (signal.aborted && !isClosing(signal.reason)) await this.#stopJob(submission);
      throw error;
    }
  }

  /** Best effort, as in AWS: a job that cannot be stopped does not change how the task ends. */
  async #stopJob(submission: Json): Promise<void> {
    const call = { ...this.#call, signal: AbortSignal.timeout(stopMilliseconds) };
    await this.#integration.stop?.(call, submission).catch(() => undefined);
  }

  async #tokenResult(token: string): Promise<Json> {
    const { tokens } = this.#visit.run;
    const { heartbeatSeconds } = this.#scheduled;
    const awaitHeartbeat = () => this.#expireAfter(heartbeatSeconds, timedOut('heartbeat'));
    let cancelHeartbeat = awaitHeartbeat();
    try {
      return await new Promise<Json>((resolve, reject) => {
        this.#call.signal.addEventListener('abort', () => reject(this.#call.signal.reason), { once: true });
        tokens.expect(token, {
          succeed: (result) => resolve(this.#recordSuccess(result)),
          fail: (error) => {
            this.#recordFailure(error);
            reject(error);
          },
          heartbeat: () => {
            cancelHeartbeat();
            cancelHeartbeat = awaitHeartbeat();
          },
        });
        this.#call.signal.throwIfAborted();
        this.#submit().catch(reject);
      });
    } finally {
      tokens.forget(token);
      cancelHeartbeat();
    }
  }

  #recordSuccess(result: Json): Json {
    const { journal } = this.#visit.run;
    withinPayloadLimit(result, this.#visit.name);
    this.#settled = true;
    return journal.record(attemptKey(this.#visit), { kind: 'succeeded', result }, this.#visit.frame.cursor, [
      taskEvent('Succeeded', this.#resource, outputDetails(result)),
    ]).result;
  }

  #recordFailure(error: StateError): void {
    if (this.#settled) return;
    this.#settled = true;
    const kind = error.errorName === 'States.Timeout' ? 'TimedOut' : 'Failed';
    this.#visit.run.journal.record(
      attemptKey(this.#visit),
      {
        kind: 'failed',
        ...(error.errorName !== undefined && { errorName: error.errorName }),
        ...(error.cause !== undefined && { cause: error.cause }),
        aliases: [...error.aliases],
      },
      this.#visit.frame.cursor,
      [taskEvent(kind, this.#resource, failureDetails(error))],
    );
  }

  /** Aborts the attempt with `error` after so many seconds of the wall clock; returns how to call that off. */
  #expireAfter(seconds: number | undefined, error: StateError): () => void {
    if (seconds === undefined) return () => undefined;
    const cancel = new AbortController();
    const { clock }: { clock: Clock } = this.#visit.run;
    clock.until(clock.now() + seconds * 1000, cancel.signal).then(
      () => this.#expiry.abort(error),
      () => undefined,
    );
    return () => cancel.abort();
  }
}

const isClosing = (reason: unknown): boolean =>
  reason instanceof Interruption && reason.reason.kind === 'region-closing';

/**
 * Looks come no closer than this, however fast the clock runs, as each is a request that takes milliseconds from the job itself: a tenth of
 * what the job has taken so far, so that its end is seen when it has hardly taken longer; 20 ms at least and 250 ms at most.
 */
export function shortestPause(sinceMilliseconds: number): number {
  return Math.min(250, Math.max(20, sinceMilliseconds / 10));
}

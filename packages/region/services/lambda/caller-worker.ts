import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import {
  type ErrorReport,
  type FunctionConfiguration,
  failedInvocation,
  type InvocationResult,
} from './function-configuration.ts';
import { type FunctionWorker, type LambdaContext, withinLimit } from './function-worker.ts';

/** An invocation that the region's caller runs in its own process. */
export interface CallerInvocation {
  readonly configuration: FunctionConfiguration;
  /** What a process of the function would have: the template's variables, the region's endpoint, the keys of the function's role. */
  readonly environment: Readonly<Record<string, string>>;
  readonly event: unknown;
  readonly context: LambdaContext & { getRemainingTimeInMillis(): number };
  /** Takes a line that the function prints: its log has it, and the metrics in it are counted. */
  readonly log: (line: string) => void;
}

/** Resolves with what the function returns; what it rejects with is the function's error. */
export type RunFunction = (invocation: CallerInvocation) => Promise<unknown>;

export interface CallerWorkerOptions {
  readonly run: RunFunction;
  readonly environment: Readonly<Record<string, string>>;
  readonly functionArn: string;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/**
 * A function that runs in the process of the region's caller. An invocation that takes too long fails as in Lambda, but what it does cannot be
 * ended; nor can it be held to its memory.
 */
export class CallerWorker implements FunctionWorker {
  readonly configuration: FunctionConfiguration;
  readonly isAlive = true;
  readonly memoryBytes = 0;
  readonly #options: CallerWorkerOptions;
  readonly #logStream = randomUUID().replaceAll('-', '');

  constructor(configuration: FunctionConfiguration, options: CallerWorkerOptions) {
    this.configuration = configuration;
    this.#options = options;
  }

  async invoke(payload: string, requestId: string): Promise<InvocationResult> {
    const { log } = this.#options;
    const begin = Date.now();
    log(`START RequestId: ${requestId} Version: $LATEST`);
    const { result, isOverdue } = await this.#run(payload, requestId, begin);
    log(`END RequestId: ${requestId}`);
    const duration = `Duration: ${Date.now() - begin} ms`;
    const memory = `Memory Size: ${this.configuration.memoryMegabytes} MB`;
    log(`REPORT RequestId: ${requestId} ${duration} ${memory}${isOverdue ? ' Status: timeout' : ''}`);
    return result;
  }

  async retire(): Promise<void> {}

  async #run(payload: string, requestId: string, begin: number) {
    const { run, environment, clock, log } = this.#options;
    const { configuration } = this;
    const allowed = configuration.timeoutSeconds * 1000;
    const deadline = begin + allowed;
    const answered = new AbortController();
    const overdue = clock.until(clock.now() + allowed, answered.signal).then(
      () => 'overdue' as const,
      () => new Promise<never>(() => undefined),
    );
    const context = {
      ...this.#context(requestId),
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    };
    try {
      // The caller must not see the region's own objects, nor the region the caller's.
      const event: unknown = JSON.parse(payload);
      const value = await Promise.race([run({ configuration, environment, event, context, log }), overdue]);
      if (value === 'overdue') return { result: this.#overdue(requestId), isOverdue: true };
      return {
        result: withinLimit({ requestId, payload: JSON.stringify(value) ?? 'null' }),
        isOverdue: false,
      };
    } catch (error) {
      return { result: failedInvocation(requestId, reportOf(error)), isOverdue: false };
    } finally {
      answered.abort();
    }
  }

  #overdue(requestId: string): InvocationResult {
    const { timeoutSeconds } = this.configuration;
    const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
    return failedInvocation(requestId, { errorType: 'Sandbox.Timedout', errorMessage });
  }

  #context(requestId: string): LambdaContext {
    const { name, memoryMegabytes } = this.configuration;
    return {
      functionName: name,
      functionVersion: '$LATEST',
      invokedFunctionArn: this.#options.functionArn,
      memoryLimitInMB: String(memoryMegabytes),
      awsRequestId: requestId,
      logGroupName: `/aws/lambda/${name}`,
      logStreamName: this.#logStream,
    };
  }
}

function reportOf(error: unknown): ErrorReport {
  if (!(error instanceof Error)) return { errorType: 'Error', errorMessage: String(error), trace: [] };
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: String(error.stack).split('\n'),
  };
}

import type { Json } from '../machine-definition.schema.ts';

/** How a task's result comes about: its answer, the job that the call starts, or whoever returns the token. */
export type Pattern = 'request-response' | 'sync' | 'waitForTaskToken';

/** A task's `Resource`, taken apart. */
export interface Resource {
  /** As the history names it: `sagemaker`, or `aws-sdk:sagemaker`. */
  readonly resourceType: string;
  /** As the history names it: `createTrainingJob.sync`. */
  readonly resource: string;
  readonly service: string;
  readonly action: string;
  readonly pattern: Pattern;
  /** `.sync:2` gives the output of a nested execution as JSON instead of as a string. */
  readonly version: 1 | 2;
  readonly isSdk: boolean;
}

/** One attempt's call: what it is called with, and for whom. */
export interface TaskCall {
  readonly resource: Resource;
  readonly arguments: Json;
  /** The machine's role; its credentials sign every request. */
  readonly roleArn: string;
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly signal: AbortSignal;
}

/** What a `.sync` task learns of its job at one look. */
export type JobState =
  | { readonly status: 'running' }
  | { readonly status: 'succeeded'; readonly result: Json };

/**
 * A service that tasks call. Every method throws `StateError` with the error name and the cause that AWS gives;
 * what a signal aborts may throw anything.
 */
export interface Integration {
  /**
   * Waits until the service has room for another call; until then nothing of the attempt's time has passed. Resolves with what is to be
   * called when the call is answered. Where AWS would run everything at once, a laptop runs a few.
   */
  admit?(signal: AbortSignal): Promise<() => void>;
  /** The task's result for `request-response`, else the answer to the submission. */
  call(call: TaskCall): Promise<Json>;
  /**
   * After a restart that fell between a `.sync` call and its answer: what `call` would have answered, if a job of
   * these arguments has been created since that moment (milliseconds since the epoch).
   */
  adopt?(call: TaskCall, since: number): Promise<Json | undefined>;
  /** One look at the job of a `.sync` task. `submission` is what `call` answered. */
  look?(call: TaskCall, submission: Json): Promise<JobState>;
  /** Asks the job of a `.sync` task to stop. Best effort, as in AWS. */
  stop?(call: TaskCall, submission: Json): Promise<void>;
}

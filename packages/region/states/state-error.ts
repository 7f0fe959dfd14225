/** A failure in the terms of the States language: an error's name, which `Retry` and `Catch` match, and a cause. */
export class StateError extends Error {
  override readonly name: string = 'StateError';

  constructor(
    /** Absent when a `Fail` state, or whoever reported a task's failure, gave none. */
    readonly errorName: string | undefined,
    override readonly cause?: string | undefined,
    /** Further names under which `ErrorEquals` finds it. */
    readonly aliases: readonly string[] = [],
  ) {
    super(`${errorName ?? 'a failure without a name'}${cause ? `: ${cause}` : ''}`);
  }

  /** `$states.errorOutput`; AWS fills what is missing with empty strings. */
  get output(): { Error: string; Cause: string } {
    return { Error: this.errorName ?? '', Cause: this.cause ?? '' };
  }
}

/** An expression that cannot be evaluated or gives something unfit for its field. `location` is a path such as `Output/rows`. */
export class QueryEvaluationError extends StateError {
  override readonly name = 'QueryEvaluationError';
  /** Whether the history has it: it may pass through several states. */
  noted = false;

  constructor(
    readonly stateName: string,
    /** The field; `undefined` for the state's input. */
    readonly location: string | undefined,
    cause: string,
  ) {
    super('States.QueryEvaluationError', cause);
  }
}

/** A defect of the machine that no `Retry` and no `Catch` may hide. */
export const runtimeError = (cause: string): StateError => new StateError('States.Runtime', cause);

/** More bytes than the service carries between states; `subject` is a state's name or a resource. */
export const dataLimitExceeded = (subject: string): StateError =>
  new StateError(
    'States.DataLimitExceeded',
    `The state/task '${subject}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );

/** AWS reports a missed heartbeat as `States.Timeout`; `ErrorEquals` may also call it `States.HeartbeatTimeout`. */
export const timedOut = (because: 'timeout' | 'heartbeat'): StateError =>
  new StateError('States.Timeout', undefined, because === 'heartbeat' ? ['States.HeartbeatTimeout'] : []);

import type { CaughtError } from '../executions/caught-error.schema.ts';
import { describeFailure, type Failure } from '../executions/failure.ts';

/**
 * Says why a window was not judged, from what the state machine caught.
 * @param step name of the state that failed
 */
export function describeWindowFailure({ Error: error, Cause: cause }: CaughtError, step: string): Failure {
  if (error !== 'States.ExceedToleratedFailureThreshold') {
    return describeFailure({ Error: error, Cause: mended(cause) }, step);
  }
  return {
    error: 'SliceFailed',
    message: `A slice of the window could not be profiled. The map run of ${step} says which and why.`,
  };
}

/** A slice's cause is cut by the state machine: what a function said is then no JSON any more. */
function mended(cause: string): string {
  const [, message] = /"errorMessage":"((?:[^"\\]|\\.)*)/.exec(cause) ?? [];
  return message === undefined ? cause : `{"errorMessage":"${message}"}`;
}

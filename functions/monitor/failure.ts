import type { CaughtError } from '../executions/caught-error.schema.ts';
import { describeFailure, type Failure } from '../executions/failure.ts';

/**
 * Says why a window was not judged, from what the state machine caught.
 * @param step name of the state that failed
 */
export function describeWindowFailure(caught: CaughtError, step: string): Failure {
  if (caught.Error !== 'States.ExceedToleratedFailureThreshold') return describeFailure(caught, step);
  return {
    error: 'SliceFailed',
    message: `A slice of the window could not be profiled. The map run of ${step} says which and why.`,
  };
}

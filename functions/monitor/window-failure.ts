import type { CaughtError } from '@tidemark/domain/executions/caught-error.schema.ts';
import { describeFailure, type Failure } from '@tidemark/domain/executions/failure.ts';
import type { FailedSlice } from './workflow.schema.ts';

/** What a state machine has caught. */
export interface FailedStep {
  readonly failure: CaughtError;
  /** Name of the state that failed. */
  readonly step: string;
  /** Where it was a slice of many. */
  readonly slice: FailedSlice | null;
}

/** Says why a window was not judged, from what the state machine caught. */
export function describeWindowFailure({ failure, step, slice }: FailedStep): Failure {
  const { Error: error, Cause: cause } = failure;
  if (error === 'States.ExceedToleratedFailureThreshold') {
    return {
      error: 'SliceFailed',
      message: `A slice of the window could not be profiled. The map run of ${step} says which and why.`,
      said: null,
    };
  }
  const described = describeFailure({ Error: error, Cause: repaired(cause) }, step);
  return slice === null ? described : { ...described, message: `${subject(slice)}: ${described.message}` };
}

function subject({ number, others }: FailedSlice): string {
  const more = others === 0 ? '' : `, and ${others === 1 ? 'one other' : `${others} others`}`;
  return `Slice ${number} of the window could not be profiled${more}`;
}

/** A slice's cause is cut by the state machine: what a function said is then no JSON any more. */
function repaired(cause: string): string {
  const [, message] = /"errorMessage":"((?:[^"\\]|\\.)*)/.exec(cause) ?? [];
  return message === undefined ? cause : `{"errorMessage":"${message}"}`;
}

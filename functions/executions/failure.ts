import type { CaughtError } from './caught-error.schema.ts';
import { messageOfFunction, sentence } from './cause.ts';

/** Why an execution failed: a short name for it, and sentences that say what, why and what to do. */
export interface Failure {
  readonly error: string;
  readonly message: string;
}

/** What to do when a function has too little of something; a sentence each. */
export interface Remedies {
  readonly outOfTime: string;
  readonly outOfMemory: string;
}

const plainRemedies: Remedies = { outOfTime: '', outOfMemory: 'Give it more memory.' };

/** How an execution ends that cannot say so itself; the names are those that the state machines make of its status. */
const executionEndings: Readonly<Record<string, string>> = {
  'Execution.ABORTED': 'was stopped by somebody',
  'Execution.TIMED_OUT': 'ran out of time',
  'Execution.FAILED': 'broke a limit of Step Functions',
};

/** A message of a schema may be as long as what it was given. */
const longestMessage = 1000;

/**
 * Says why an execution failed, from what its state machine caught: a function's cause is the JSON of its error, a service's plain text.
 * @param step name of the state that failed
 */
export function describeFailure(
  { Error: error, Cause: cause }: CaughtError,
  step: string,
  remedies = plainRemedies,
): Failure {
  const thrown = messageOfFunction(cause);
  if (thrown !== undefined) return describeThrown(error, thrown, step, remedies);
  const said = cause === '' ? '' : ` ${sentence(cause)}`;
  const ending = executionEndings[error];
  if (ending !== undefined) {
    return { error, message: `The execution ${ending} before it was done.${said}` };
  }
  if (error === 'States.Timeout') {
    return {
      error: 'StepTimedOut',
      message: `${step} did not end in the time it has, and was given up.${said}`,
    };
  }
  return { error, message: `${step} failed with ${error}.${said}` };
}

/** Our own errors are written for people already; those of the runtime are not. */
function describeThrown(error: string, said: string, step: string, remedies: Remedies): Failure {
  if (error === 'Sandbox.Timedout' || said.includes('Task timed out after')) {
    return {
      error: 'FunctionTimedOut',
      message: sentences(
        `${step} did not finish in the time that its function has: ${sentence(said)}`,
        remedies.outOfTime,
      ),
    };
  }
  if (error.startsWith('Runtime.') || error === 'Lambda.Unknown') {
    return {
      error: 'FunctionCrashed',
      message: sentences(
        `The function of ${step} crashed, most likely for lack of memory: ${sentence(said)}`,
        remedies.outOfMemory,
      ),
    };
  }
  if (error === 'ZodError' || error === 'InvariantError') {
    const what = said.replaceAll(/\s+/g, ' ').slice(0, longestMessage);
    return {
      error,
      message: `${step} met what cannot be. This is a defect of Tidemark and not of the data: ${sentence(what)} Please report it.`,
    };
  }
  return { error, message: sentence(said) };
}

function sentences(...all: readonly string[]): string {
  return all.filter((each) => each !== '').join(' ');
}

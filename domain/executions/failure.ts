import type { CaughtError } from './caught-error.schema.ts';
import { messageOfFunction, sentence } from './cause.ts';

/** Why an execution failed: a short name for it, and sentences that say what, why and what to do. */
export interface Failure {
  readonly error: string;
  /** It goes into events and holds no value of the data. */
  readonly message: string;
  /** What a container or the language said, which may hold values of the data; `null`: nothing. Kept with the run, and not announced. */
  readonly said: string | null;
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
  'Execution.DELETED': 'was ended by the deletion of its state machine',
  'Execution.UNRECORDED': 'failed, and could not record why,',
  'Execution.FAILED': 'broke a limit of Step Functions',
};

/**
 * Names of errors that are not ours, nor a service's: what they say may quote the data, as `JSON.parse` and the engine do.
 * They are defects, and the log of the function has their stack.
 */
export const foreignErrors: ReadonlySet<string> = new Set([
  'Error',
  'AggregateError',
  'AssertionError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'UnreadableDataError',
  'URIError',
]);

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
    return { error, message: `The execution ${ending} before it was done.${said}`, said: null };
  }
  if (error === 'States.Timeout') {
    return {
      error: 'StepTimedOut',
      message: `${step} did not end in time, and was abandoned.${said}`,
      said: null,
    };
  }
  return { error: ownName(error), message: `${step} failed with ${error}.${said}`, said: null };
}

/**
 * Names that begin with `States.` are the language's own, and no Fail state may use one (Amazon States Language, Errors: other names "MUST NOT
 * begin with the prefix").
 */
function ownName(error: string): string {
  return error.replace(/^States\./, 'Step');
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
      said: null,
    };
  }
  if (error.startsWith('Runtime.') || error === 'Lambda.Unknown') {
    return {
      error: 'FunctionCrashed',
      message: sentences(
        `The function of ${step} crashed, most likely for lack of memory: ${sentence(said)}`,
        remedies.outOfMemory,
      ),
      said: null,
    };
  }
  if (error === 'ZodError' || error === 'InvariantError') {
    const what = said.replaceAll(/\s+/g, ' ').slice(0, longestMessage);
    return {
      error,
      message: `${step} met an impossible state. This is a defect of Tidemark and not of the data: ${sentence(what)} Please report it.`,
      said: null,
    };
  }
  if (foreignErrors.has(error)) {
    return {
      error,
      message: `${step} failed with ${error}, which is unexpected. The log of its function says more. Please report it.`,
      said: said.slice(0, longestMessage),
    };
  }
  return { error: ownName(error), message: sentence(said), said: null };
}

function sentences(...all: readonly string[]): string {
  return all.filter((each) => each !== '').join(' ');
}

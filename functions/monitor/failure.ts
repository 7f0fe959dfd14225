import { z } from 'zod';
import type { CaughtError } from './workflow.schema.ts';

/** Why a window was not judged: a short name for it, and sentences that say what, why and what to do. */
export interface Failure {
  readonly error: string;
  readonly message: string;
}

/** How an execution ends that cannot say so itself; the names are those that `monitor.asl.json` makes of its status. */
const executionEndings: Readonly<Record<string, string>> = {
  'Execution.ABORTED': 'was stopped by somebody',
  'Execution.TIMED_OUT': 'ran out of time',
  'Execution.FAILED': 'broke a limit of Step Functions',
};

/** What Lambda makes of an error that a handler threw, and of a handler that was stopped. */
const functionCause = z.object({ errorType: z.string().optional(), errorMessage: z.string() });

/**
 * Says why a window failed, from what the state machine caught: a function's cause is the JSON of its error, a service's is text.
 * @param step name of the state that failed
 */
export function describeFailure({ Error: error, Cause: cause }: CaughtError, step: string): Failure {
  const thrown = functionCause.safeParse(parseJson(cause));
  if (thrown.success) return describeThrown(error, thrown.data.errorMessage, step);
  const said = cause === '' ? '' : ` ${sentence(cause)}`;
  const ending = executionEndings[error];
  if (ending) return { error, message: `The execution ${ending} before it was done.${said}` };
  if (error === 'States.ExceedToleratedFailureThreshold') {
    return {
      error: 'SliceFailed',
      message: `A slice of the window could not be profiled. The map run of ${step} says which and why.${said}`,
    };
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
function describeThrown(error: string, said: string, step: string): Failure {
  if (error === 'Sandbox.Timedout' || said.includes('Task timed out after')) {
    return {
      error: 'FunctionTimedOut',
      message: `${step} did not finish in the time that its function has: ${sentence(said)}`,
    };
  }
  if (error.startsWith('Runtime.') || error === 'Lambda.Unknown') {
    return {
      error: 'FunctionCrashed',
      message: `The function of ${step} crashed, most likely for lack of memory: ${sentence(said)} Give it more memory.`,
    };
  }
  if (error === 'ZodError' || error === 'InvariantError') {
    const what = said.replaceAll(/\s+/g, ' ').slice(0, 1000);
    return {
      error,
      message: `${step} met what cannot be. This is a defect of Tidemark and not of the data: ${sentence(what)} Please report it.`,
    };
  }
  return { error, message: sentence(said) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Services report plain text.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

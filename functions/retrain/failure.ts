import { z } from 'zod';
import type { CaughtError } from './workflow.schema.ts';

/** Why a retraining failed: a short name for it, and sentences that say what and why. */
export interface Failure {
  readonly error: string;
  readonly message: string;
}

/** How an execution ends that cannot say so itself; the names are those that `retrain.asl.json` makes of its status. */
const executionEndings: Readonly<Record<string, string>> = {
  'Execution.ABORTED': 'was stopped by somebody',
  'Execution.TIMED_OUT': 'ran out of time',
  'Execution.FAILED': 'broke a limit of Step Functions',
};

/** What Lambda makes of an error that a handler threw, and of a handler that was stopped. */
const functionCause = z.object({ errorMessage: z.string() });

/**
 * Says why a retraining failed, from what the state machine caught: a function's cause is the JSON of its error, a service's is text.
 * @param step name of the state that failed
 */
export function describeFailure({ Error: error, Cause: cause }: CaughtError, step: string): Failure {
  const thrown = functionCause.safeParse(parseJson(cause));
  const said = sentence(
    thrown.success ? thrown.data.errorMessage.replaceAll(/\s+/g, ' ').slice(0, 1000) : cause,
  );
  const ending = executionEndings[error];
  if (ending !== undefined) return { error, message: `the execution ${ending} before it was done.` };
  if (error === 'InvariantError' || error === 'ZodError') {
    return {
      error,
      message: `${step} met what cannot be, which is a defect of Tidemark: ${said} Please report it.`,
    };
  }
  return { error, message: `${step} failed with ${error}: ${said}` };
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
  return trimmed === '' || /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

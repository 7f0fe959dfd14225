import { siteOf } from './bindings.ts';
import type { Visit } from './execution-run.ts';
import type { FailState } from './machine-definition.schema.ts';
import { runtimeError, StateError } from './state-error.ts';
import { evaluateString } from './template.ts';

/** Always throws: a Fail state ends its line of execution with the error that it names. */
export async function runFail({ Error: error, Cause }: FailState, visit: Visit): Promise<never> {
  const site = siteOf(visit);
  const [errorName, cause] = await Promise.all([
    error === undefined ? undefined : evaluateString(error, 'Error', site),
    Cause === undefined ? undefined : evaluateString(Cause, 'Cause', site),
  ]);
  // The language keeps the prefix to itself; what AWS does about it is not documented, so that a machine must not come to it.
  if (errorName?.startsWith('States.'))
    throw runtimeError(`The Fail state's Error '${errorName}' begins with 'States.', which is reserved.`);
  throw new StateError(errorName, cause);
}

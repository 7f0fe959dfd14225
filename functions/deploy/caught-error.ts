import type { CaughtError } from '@tidemark/domain/executions/caught-error.schema.ts';
import { messageOfFunction, sentence } from '@tidemark/domain/executions/cause.ts';

/** An error that a state machine caught, as a sentence for a person. */
export function describeError({ Error: name, Cause: cause }: CaughtError): string {
  const said = messageOfFunction(cause) ?? cause;
  return said === '' ? `${name}.` : sentence(said);
}

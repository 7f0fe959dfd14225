import { z } from 'zod';
import type { CaughtError } from './deployment.schema.ts';

/** How Lambda reports an error that a handler threw. */
const lambdaCauseSchema = z.object({ errorMessage: z.string() });

/** An error that a state machine caught, as a sentence for a person. */
export function describeError({ Error: name, Cause: cause }: CaughtError): string {
  const said = fromLambda(cause) ?? cause;
  return said === '' ? `${name}.` : endSentence(said);
}

function fromLambda(cause: string): string | undefined {
  try {
    return lambdaCauseSchema.safeParse(JSON.parse(cause)).data?.errorMessage;
  } catch (error) {
    // Services report plain text.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function endSentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

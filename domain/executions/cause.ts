import * as z from 'zod';

/** What Lambda makes of an error that a handler threw, and of a handler that was stopped. */
const functionCause = z.object({ errorMessage: z.string() });

/** What a function said when it failed, or `undefined` where the cause is another's. */
export function messageOfFunction(cause: string): string | undefined {
  return functionCause.safeParse(parseCause(cause)).data?.errorMessage;
}

/** A cause that is JSON, or `undefined`: services report plain text. */
export function parseCause(cause: string): unknown {
  try {
    return JSON.parse(cause);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The text as the end of a sentence. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

import { InvalidInputError, InvariantError } from '@tidemark/statistics/errors.ts';

/**
 * The five families of failure. A leaf class sets a literal `name`: Lambda reports it as the error type, and it is what a
 * state machine's `Retry` and `Catch` match. Every message says what failed, why, and what to do. Two of the families are
 * those of the arithmetic, which knows no other.
 */
export { InvalidInputError, InvariantError };

/** Something named does not exist. Never retried. */
export class NotFoundError extends Error {
  override readonly name: string = 'NotFoundError';
}

/** Somebody else was first. Load the facts again and decide again. */
export class ConflictError extends Error {
  override readonly name: string = 'ConflictError';
}

/** It may work in a moment: throttling, a time-out, a service that is not ready. Retried with back-off. */
export class TransientError extends Error {
  override readonly name: string = 'TransientError';
}

/** For the branch of an exhaustive switch that cannot be reached. */
export function unreachable(value: never): never {
  throw new InvariantError(`Unexpected value ${JSON.stringify(value)}.`);
}

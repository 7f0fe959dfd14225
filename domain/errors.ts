/**
 * The five families of failure. A leaf class sets a literal `name`: Lambda reports it as the error type, and it is what a
 * state machine's `Retry` and `Catch` match. Every message says what failed, why, and what to do.
 */
export abstract class TidemarkError extends Error {
  abstract override readonly name: string;
}

/** The user's input cannot be accepted; the message tells them how to fix it. Never retried. */
export class InvalidInputError extends TidemarkError {
  override readonly name: string = 'InvalidInputError';
}

/** Something named does not exist. Never retried. */
export class NotFoundError extends TidemarkError {
  override readonly name: string = 'NotFoundError';
}

/** Somebody else was first. Load the facts again and decide again. */
export class ConflictError extends TidemarkError {
  override readonly name: string = 'ConflictError';
}

/** It may work in a moment: throttling, a time-out, a service that is not ready. Retried with back-off. */
export class TransientError extends TidemarkError {
  override readonly name: string = 'TransientError';
}

/** A defect of ours: something that cannot be. Never retried, always alarmed. */
export class InvariantError extends TidemarkError {
  override readonly name: string = 'InvariantError';
}

/** For the branch of an exhaustive switch that cannot be reached. */
export function unreachable(value: never): never {
  throw new InvariantError(`Unexpected value ${JSON.stringify(value)}.`);
}

/**
 * The two failures of this package. State machines match errors by these literal names (`Retry`, `Catch`), and the
 * product's own families in its domain have the same ones: what is not to be retried there is not to be retried here.
 */

/** The data cannot be read as it should be; the message says what to fix. Never retried. */
export class InvalidInputError extends Error {
  override readonly name: string = 'InvalidInputError';
}

/** A defect of ours: something that cannot be. Never retried. */
export class InvariantError extends Error {
  override readonly name: string = 'InvariantError';
}

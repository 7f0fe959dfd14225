/** What the caller gave cannot be accepted: the message says what to fix. A repeat fails again. */
export class InvalidInputError extends Error {
  override readonly name: string = 'InvalidInputError';
}

/** A defect of ours: something that cannot be. A repeat fails again. */
export class InvariantError extends Error {
  override readonly name: string = 'InvariantError';
}

/** A schedule expression that does not follow AWS's grammar. */
export class InvalidExpressionError extends Error {
  override readonly name = 'InvalidExpressionError';
}

/** A part of AWS's grammar that the local region does not have. */
export class UnsupportedExpressionError extends Error {
  override readonly name = 'UnsupportedExpressionError';
}

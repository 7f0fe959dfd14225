/** A pattern that EventBridge would refuse, with the place in it. */
export class InvalidPatternError extends Error {
  override readonly name = 'InvalidPatternError';

  constructor(where: string, why: string) {
    super(`Event pattern is not valid. Reason: ${why}${where === '' ? '' : ` at ${where}`}`);
  }
}

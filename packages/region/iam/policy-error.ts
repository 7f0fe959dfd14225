/** A policy that cannot be decided by here: an element, an operator or a condition key that is not served. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';

  constructor(problem: string) {
    super(`${problem} No policy is applied in part; see packages/region/SUPPORT.md for what is served.`);
  }
}

/** Something that is wrong with a definition. */
export interface Finding {
  /**
   * `invalid`: AWS refuses it, at creation or at run time. `unsupported`: AWS takes it, the local region does not.
   * `advice`: both take it, but it is probably a slip, or breaks a rule of the caller's own.
   */
  readonly kind: 'invalid' | 'unsupported' | 'advice';
  /** Path from the definition's root, such as `/States/Train/Arguments/RoleArn`. */
  readonly location: string;
  /** What is wrong and what to do. */
  readonly message: string;
}

/** Something that is wrong with a definition. */
export interface Finding {
  /**
   * `invalid`: AWS refuses it, at creation or at run time. `unsupported`: AWS takes it, the local region does not.
   * `house`: this repository's own rule.
   */
  readonly kind: 'invalid' | 'unsupported' | 'house';
  /** Path from the definition's root, such as `/States/Train/Arguments/RoleArn`. */
  readonly location: string;
  /** What is wrong and what to do. */
  readonly message: string;
}

/** Something in a template or an assembly that the local region cannot do as AWS does. It names the place. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';

  /** @param place such as `stack my-store, resource StoresData9350B040, property Tags.0.Key`. */
  constructor(
    readonly place: string,
    readonly problem: string,
  ) {
    super(`${place}: ${problem}`);
  }
}

/** A value that cannot be worked out. Collects the path to it on its way up; the caller that knows the resource adds it. */
export class ValueError extends Error {
  override readonly name = 'ValueError';

  constructor(
    readonly problem: string,
    readonly path: readonly string[] = [],
  ) {
    super(problem);
  }

  /** The same error, seen from one level further out. */
  within(key: string | number): ValueError {
    return new ValueError(this.problem, [String(key), ...this.path]);
  }
}

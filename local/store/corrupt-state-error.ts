/** A file of the state directory that cannot be read as what this program has written there. */
export class CorruptStateError extends Error {
  override readonly name = 'CorruptStateError';

  constructor(
    /** The file, or the directory of a store. */
    readonly file: string,
    cause: unknown,
  ) {
    super(`${file} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

function reasonOf(cause: unknown): string {
  const [line = ''] = (cause instanceof Error ? cause.message : String(cause)).trim().split('\n');
  // What zod says begins with its list of issues, which is of no use to a person.
  return line === '[' || line === '' ? 'it does not hold what belongs there' : line;
}

import * as z from 'zod';

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
  if (cause instanceof z.ZodError) return z.prettifyError(cause).split('\n').join(' ').replace(/^✖ /, '');
  const [line = ''] = (cause instanceof Error ? cause.message : String(cause)).trim().split('\n');
  return line === '' ? 'it does not hold what belongs there' : line;
}

import { TransientError } from '../errors.ts';

/** The disk that a function works on has no more room. Tried again, because others may have used it up. */
export class FullDiskError extends TransientError {
  override readonly name = 'FullDiskError';
}

/** Codes of Node.js, and what engines say of the same. */
const codes: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT']);
const spoken = /no space left on device|disk quota exceeded/i;

/** What a full disk means, if that is what the error, or one that caused it, is of. Where it was written is ours; what was written is left out. */
export function fullDisk(error: unknown): FullDiskError | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (!codes.has(Object(current).code) && !spoken.test(current.message)) continue;
    const { path } = Object(current);
    const where = typeof path === 'string' ? ` at ${path}` : '';
    return new FullDiskError(
      `The disk is full${where}. On a laptop, make room where the state is kept. In AWS, give the function more ephemeral storage.`,
    );
  }
  return undefined;
}

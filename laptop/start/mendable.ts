import { StoreFormatError, storeFormat } from '@tidemark/domain/registry/store-format.ts';
import { CorruptStateError, diskTrouble, StoreInUseError } from '@tidemark/region/host';
import * as z from 'zod';
import { StartError } from './start-error.ts';

/**
 * What the person at the terminal can do about an error; nothing when it is a defect.
 * @param place what was being written to, for errors that do not say it
 */
export function mendable(error: unknown, place?: string): StartError | undefined {
  if (error instanceof StartError) return error;
  if (error instanceof CorruptStateError)
    return new StartError(
      `${error.message}. Start with --fresh to forget what earlier starts left, or restore that file.`,
    );
  if (error instanceof StoreInUseError)
    return new StartError(`${error.message}: stop it first, or choose another directory with --state.`);
  if (error instanceof StoreFormatError) return otherFormat();
  if (error instanceof z.ZodError)
    return new StartError(
      `Something that earlier starts left is not what this version writes (${z.prettifyError(error).split('\n').join(' ')}). Start with --fresh to forget it.`,
    );
  const trouble = diskTrouble(error, place);
  if (trouble !== undefined) return new StartError(`${trouble} The next start continues from here.`);
  return isForbidden(error)
    ? new StartError(
        `${error.path} may not be read or written (${error.code}): choose another directory with --state.`,
      )
    : undefined;
}

/** Laptops forget; an account's operator is told otherwise, by `StoreFormatError` itself. */
export function otherFormat(): StartError {
  return new StartError(
    `What earlier starts left is stored in another format than number ${storeFormat}, which this version stores. ` +
      'Until release 0.2.0 formats change without migration, so nothing was read or changed. ' +
      'Start with --fresh to forget it, or choose another directory with --state.',
  );
}

function isForbidden(error: unknown): error is Error & { readonly path: string; readonly code: string } {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'EACCES' || error.code === 'EPERM') &&
    'path' in error &&
    typeof error.path === 'string'
  );
}

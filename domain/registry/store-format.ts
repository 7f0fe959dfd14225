import * as z from 'zod';
import { InvalidInputError } from '../errors.ts';

/**
 * Number of the format in which this code stores registry items and documents. Raise it with every change that code of the former number
 * would read wrongly, or whose former items this code would: a store has one format, and code of another one refuses to touch it.
 */
export const storeFormat = 1;

/** `STORE` / `FORMAT`: the format of everything in the stage’s stores, written before anything else. */
export const storeFormatRecordSchema = z.object({ format: z.int() });

/** The store is of another format than this code. Nothing was read or written. */
export class StoreFormatError extends InvalidInputError {
  override readonly name = 'StoreFormatError';

  /** @param found the format that the store says it has; `undefined`: it is older than such numbers */
  constructor(tableName: string, found: number | undefined) {
    const what = found === undefined ? 'a format older than number 1' : `format ${found}`;
    super(
      `The registry ${tableName} has ${what}, and this code stores format ${storeFormat}, so it reads and writes nothing there. ` +
        'Until release 0.2.0 stored formats change without migration. Deploy the former release again, which continues as before, ' +
        'or deploy this one as another stage and put definitions and data there (docs/deploying.md, Update).',
    );
  }
}

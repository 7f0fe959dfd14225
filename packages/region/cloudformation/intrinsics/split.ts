import * as z from 'zod';
import { type Intrinsic, shaped, text } from './intrinsic.ts';

/** `[delimiter, string]`. */
export const split: Intrinsic = (argument, scope, resolve) => {
  const [delimiter, source] = shaped(
    z.tuple([z.string().min(1), z.unknown()]),
    argument,
    '[delimiter, string]',
  );
  return text(resolve(source, scope)).split(delimiter);
};

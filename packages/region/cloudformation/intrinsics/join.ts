import * as z from 'zod';
import { type Intrinsic, shaped, text } from './intrinsic.ts';

/** `[delimiter, values]`; the values may come from another function, such as `Fn::Split`. */
export const join: Intrinsic = (argument, scope, resolve) => {
  const [delimiter, values] = shaped(
    z.tuple([z.string(), z.unknown()]),
    argument,
    '[delimiter, list of values]',
  );
  return shaped(z.array(z.unknown()), resolve(values, scope), 'a list of values').map(text).join(delimiter);
};

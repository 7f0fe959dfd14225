import * as z from 'zod';
import { ValueError } from '../template-error.ts';
import { type Intrinsic, shaped } from './intrinsic.ts';

/** `[index, list]`, counted from 0. */
export const select: Intrinsic = (argument, scope, resolve) => {
  const [index, list] = shaped(z.tuple([z.unknown(), z.unknown()]), argument, '[index, list]');
  const position = shaped(z.coerce.number().int().nonnegative(), resolve(index, scope), 'an index from 0');
  const items = shaped(z.array(z.unknown()), resolve(list, scope), 'a list');
  if (position >= items.length) {
    throw new ValueError(`has no element ${position} in a list of ${items.length}`);
  }
  return items[position];
};

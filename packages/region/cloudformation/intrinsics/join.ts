import * as z from 'zod';
import { type Intrinsic, shaped, text } from './intrinsic.ts';

const partsSchema = z.tuple([z.string(), z.unknown()]);
const listSchema = z.array(z.unknown());

/** `[delimiter, values]`; the values may come from another function, such as `Fn::Split`. */
export const join: Intrinsic = (argument, scope, resolve) => {
  const [delimiter, values] = shaped(partsSchema, argument, '[delimiter, list of values]');
  return shaped(listSchema, resolve(values, scope), 'a list of values').map(text).join(delimiter);
};

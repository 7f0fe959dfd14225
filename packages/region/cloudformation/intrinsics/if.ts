import * as z from 'zod';
import { type Intrinsic, shaped } from './intrinsic.ts';

const partsSchema = z.tuple([z.string(), z.unknown(), z.unknown()]);

/** `[condition, then, else]`. Only the branch that is taken is worked out. */
export const ifCondition: Intrinsic = (argument, scope, resolve) => {
  const [name, yes, no] = shaped(partsSchema, argument, '[condition, value if true, value if false]');
  return resolve(scope.condition(name) ? yes : no, scope);
};

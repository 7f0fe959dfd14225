import * as z from 'zod';
import { type Intrinsic, shaped } from './intrinsic.ts';

const argumentSchema = z.union([z.tuple([z.string(), z.unknown()]), z.string().regex(/^[^.]+\..+$/)]);

/** `[logicalId, attribute]` or `logicalId.attribute`; the attribute's name may hold dots and may be a `Ref`. */
export const getAtt: Intrinsic = (argument, scope, resolve) => {
  const given = shaped(argumentSchema, argument, '[logical id, attribute]');
  const [logicalId, attribute] = typeof given === 'string' ? splitOnce(given) : given;
  return scope.getAtt(logicalId, shaped(z.string(), resolve(attribute, scope), 'an attribute name'));
};

/** `Table.StreamArn` to its two parts, at the first dot. */
export function splitOnce(dotted: string): [string, string] {
  const dot = dotted.indexOf('.');
  return [dotted.slice(0, dot), dotted.slice(dot + 1)];
}

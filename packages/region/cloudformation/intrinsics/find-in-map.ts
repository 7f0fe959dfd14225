import * as z from 'zod';
import { ValueError } from '../template-error.ts';
import { type Intrinsic, shaped, text } from './intrinsic.ts';

/** `[mapping, row, column]`. */
export const findInMap: Intrinsic = (argument, scope, resolve) => {
  const [mappingName, row, column] = shaped(
    z.tuple([z.unknown(), z.unknown(), z.unknown()]),
    argument,
    '[mapping, first key, second key]',
  ).map((part) => text(resolve(part, scope))) as [string, string, string]; // map loses a tuple's length
  const mapping = scope.mapping(mappingName);
  if (!mapping) throw new ValueError(`there is no mapping ${mappingName}`);
  const value = mapping[row]?.[column];
  if (value === undefined) throw new ValueError(`mapping ${mappingName} has no ${row}.${column}`);
  return value;
};

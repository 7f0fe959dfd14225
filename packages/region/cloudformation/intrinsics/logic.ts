import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { TemplateScope } from '../template-scope.ts';
import { type Intrinsic, type Resolve, shaped, text } from './intrinsic.ts';

const oneSchema = z.tuple([z.unknown()]);
const twoSchema = z.tuple([z.unknown(), z.unknown()]);
const namedConditionSchema = z.strictObject({ Condition: z.string() });

/** `[left, right]`; text, as parameters are. */
export const equals: Intrinsic = (argument, scope, resolve) => {
  const [left, right] = shaped(twoSchema, argument, '[left, right]').map((side) =>
    comparable(resolve(side, scope)),
  );
  return isDeepStrictEqual(left, right);
};

export const and: Intrinsic = (argument, scope, resolve) =>
  conditions(argument, scope, resolve).every(Boolean);

export const or: Intrinsic = (argument, scope, resolve) => conditions(argument, scope, resolve).some(Boolean);

export const not: Intrinsic = (argument, scope, resolve) => {
  const [condition] = shaped(oneSchema, argument, '[condition]');
  return !truth(condition, scope, resolve);
};

/** `[list, string]`; in `Rules` only. */
export const contains: Intrinsic = (argument, scope, resolve) => {
  const [list, value] = shaped(twoSchema, argument, '[list, string]');
  const items = shaped(z.array(z.unknown()), resolve(list, scope), 'a list').map(text);
  return items.includes(text(resolve(value, scope)));
};

/** A condition's truth: a function, or `{ "Condition": name }`. @throws ValueError when it is neither. */
export function truth(condition: unknown, scope: TemplateScope, resolve: Resolve): boolean {
  const named = namedConditionSchema.safeParse(condition);
  if (named.success) return scope.condition(named.data.Condition);
  return shaped(z.boolean(), resolve(condition, scope), 'a condition');
}

function conditions(argument: unknown, scope: TemplateScope, resolve: Resolve): boolean[] {
  // CloudFormation's own bounds.
  const given = shaped(z.array(z.unknown()).min(2).max(10), argument, '2 to 10 conditions');
  return given.map((condition) => truth(condition, scope, resolve));
}

function comparable(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? value : text(value);
}

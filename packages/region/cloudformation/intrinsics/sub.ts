import * as z from 'zod';
import { splitOnce } from './get-att.ts';
import { type Intrinsic, shaped, text } from './intrinsic.ts';

const argumentSchema = z.union([
  z.string().transform((template): [string, Record<string, unknown>] => [template, {}]),
  z.tuple([z.string(), z.record(z.string(), z.unknown())]),
]);

/** `${Name}`, `${LogicalId.Attribute}`, and `${!Literal}`, which stays as `${Literal}`. */
const placeholder = /\$\{(!?)([^}]*)\}/g;

/** `"text ${Name}"` or `["text ${Name}", { Name: value }]`. */
export const sub: Intrinsic = (argument, scope, resolve) => {
  const [template, variables] = shaped(argumentSchema, argument, 'a string, or [string, { variables }]');
  return template.replace(placeholder, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (Object.hasOwn(variables, name)) return text(resolve(variables[name], scope));
    return text(name.includes('.') ? scope.getAtt(...splitOnce(name)) : scope.ref(name));
  });
};

/** Names in the template that are parameters, resources or their attributes: everything but its own variables. */
export function freeNames(argument: unknown): string[] {
  const [template, variables] = shaped(argumentSchema, argument, 'a string, or [string, { variables }]');
  return [...template.matchAll(placeholder)].flatMap(([, literal, name]) =>
    literal || name === undefined || Object.hasOwn(variables, name) ? [] : [name],
  );
}

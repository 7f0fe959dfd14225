import * as z from 'zod';
import { ValueError } from '../template-error.ts';
import type { TemplateScope } from '../template-scope.ts';

/** Works out a nested value. Passed in, so that a function decides what it evaluates: `Fn::If` takes one branch. */
export type Resolve = (value: unknown, scope: TemplateScope) => unknown;

/** An intrinsic function: its argument as it stands in the template, to its value. @throws ValueError */
export type Intrinsic = (argument: unknown, scope: TemplateScope, resolve: Resolve) => unknown;

/** The argument in its shape. @throws ValueError that says what the shape is. */
export function shaped<T extends z.ZodType>(schema: T, argument: unknown, shape: string): z.infer<T> {
  const result = schema.safeParse(argument);
  if (!result.success) throw new ValueError(`needs ${shape}, not ${JSON.stringify(argument)}`);
  return result.data;
}

const textSchema = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** A resolved value as text, as CloudFormation writes numbers and booleans. @throws ValueError */
export function text(value: unknown): string {
  return shaped(textSchema, value, 'a string');
}

import jsonata from 'jsonata';
import { addedFunctions } from './jsonata-functions.ts';
import type { Json } from './machine-definition.schema.ts';

/** An endless recursion in an expression must not stop the whole region. No real expression takes a hundredth of it. */
const longestEvaluationMilliseconds = 2_000;

/** Why an expression has no usable value; the text continues AWS's "The JSONata expression '…' specified for …". */
export class EvaluationFailure extends Error {
  override readonly name = 'EvaluationFailure';
}

/** Compiled once each: a definition holds some dozens of expressions and is evaluated over and over. */
const compiled = new Map<string, jsonata.Expression>();

/** The text between `{%` and `%}`. */
export const expressionText = (expression: string): string => expression.slice(2, -2).trim();

/** Parses an expression's text with everything Step Functions adds and takes away. Throws jsonata's own error. */
export function compile(text: string): jsonata.Expression {
  const known = compiled.get(text);
  if (known) return known;
  const expression = jsonata(text, { timeout: longestEvaluationMilliseconds });
  for (const [name, { apply, signature }] of Object.entries(addedFunctions)) {
    expression.registerFunction(name, apply, signature);
  }
  // Step Functions has no $eval: calling it is calling something that is no function.
  expression.assign('eval', undefined);
  compiled.set(text, expression);
  return expression;
}

/**
 * Evaluates an expression's text to plain JSON. `bindings` are variables by name without `$`.
 * @throws EvaluationFailure when it throws, gives nothing, or gives what JSON cannot hold
 */
export async function evaluateJsonata(
  text: string,
  bindings: Readonly<Record<string, unknown>>,
): Promise<Json> {
  let value: unknown;
  try {
    value = await compile(text).evaluate(undefined, { ...bindings });
  } catch (error) {
    throw new EvaluationFailure(`threw an error during evaluation. ${describe(error)}`);
  }
  if (value === undefined) throw new EvaluationFailure('returned nothing (undefined).');
  return plain(value);
}

/** jsonata throws plain objects with a code and, usually, a message. */
function describe(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const code = 'code' in error ? `${String(error.code)}: ` : '';
  return `${code}${'message' in error ? String(error.message) : JSON.stringify(error)}`;
}

/** Strips what jsonata hangs on its results (sequence flags, bare prototypes) and refuses functions and infinities. */
function plain(value: unknown): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      break;
    case 'object':
      if (value === null) return null;
      if (Array.isArray(value)) return value.map(plain);
      if (!isFunctionValue(value)) {
        return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
      }
  }
  throw new EvaluationFailure('returned an unsupported result type.');
}

const isFunctionValue = (value: object): boolean =>
  '_jsonata_lambda' in value || '_jsonata_function' in value;

import { EvaluationFailure, evaluateJsonata, expressionText } from './jsonata.ts';
import { expressionPattern, type Json } from './machine-definition.schema.ts';
import { QueryEvaluationError } from './state-error.ts';

/** Where and with what a state's fields are evaluated. */
export interface Site {
  readonly stateName: string;
  /** Id of the history event by which the state was entered; AWS names it in causes. */
  readonly enteredEventId: number;
  /** `states` (`$states`) and every visible variable. */
  readonly bindings: Readonly<Record<string, unknown>>;
}

/** JSON's types by the names that AWS gives them in causes. */
type TypeName = 'array' | 'boolean' | 'null' | 'number' | 'object' | 'string';

export const isExpression = (value: unknown): value is string =>
  typeof value === 'string' && expressionPattern.test(value);

/** The site's own sentence in front of a cause: `An error occurred while executing the state …`. */
export const atSite = ({ stateName, enteredEventId }: Omit<Site, 'bindings'>, cause: string): string =>
  `An error occurred while executing the state '${stateName}' (entered at the event id #${enteredEventId}). ${cause}`;

/**
 * A template with each of its expressions replaced by its value. `field` is the path for messages, such as `Output`.
 * @throws QueryEvaluationError when an expression fails or gives nothing
 */
export async function evaluateTemplate(template: Json, field: string, site: Site): Promise<Json> {
  if (isExpression(template)) return evaluateExpression(template, field, site);
  if (Array.isArray(template)) {
    return Promise.all(template.map((item, index) => evaluateTemplate(item, `${field}[${index}]`, site)));
  }
  if (template === null || typeof template !== 'object') return template;
  const members = Object.entries(template).map(async ([key, member]) => [
    key,
    await evaluateTemplate(member, `${field}/${key}`, site),
  ]);
  return Object.fromEntries(await Promise.all(members));
}

async function evaluateExpression(expression: string, field: string, site: Site): Promise<Json> {
  const text = expressionText(expression);
  try {
    return await evaluateJsonata(text, site.bindings);
  } catch (error) {
    if (!(error instanceof EvaluationFailure)) throw error;
    throw queryError(site, field, `${ofExpression(text, field)} ${error.message}`);
  }
}

/** The field's value, which must be an array. */
export async function evaluateArray(template: Json, field: string, site: Site): Promise<Json[]> {
  const value = await evaluateTemplate(template, field, site);
  if (!Array.isArray(value)) throw unexpectedType(template, field, site, 'array', value);
  return value;
}

/** The field's value, which must be a boolean: an empty array or a missing value is no `false`. */
export async function evaluateBoolean(template: Json, field: string, site: Site): Promise<boolean> {
  const value = await evaluateTemplate(template, field, site);
  if (typeof value !== 'boolean') throw unexpectedType(template, field, site, 'boolean', value);
  return value;
}

/** The field's value, which must be a string. */
export async function evaluateString(template: Json, field: string, site: Site): Promise<string> {
  const value = await evaluateTemplate(template, field, site);
  if (typeof value !== 'string') throw unexpectedType(template, field, site, 'string', value);
  return value;
}

/** The field's value, which must be a whole number of at least `least`. */
export async function evaluateWhole(
  template: Json,
  field: string,
  site: Site,
  least: number,
): Promise<number> {
  const value = await evaluateTemplate(template, field, site);
  if (typeof value !== 'number') throw unexpectedType(template, field, site, 'number', value);
  if (!Number.isInteger(value) || value < least) {
    throw queryError(site, field, `The ${field} field must be a whole number of at least ${least}: ${value}`);
  }
  return value;
}

/** A field's value that is of the right JSON type and still unfit. `cause` is a sentence of its own. */
export const queryError = (site: Site, field: string | undefined, cause: string): QueryEvaluationError =>
  new QueryEvaluationError(site.stateName, field, atSite(site, cause));

function unexpectedType(
  template: Json,
  field: string,
  site: Site,
  expected: TypeName,
  value: Json,
): QueryEvaluationError {
  const subject = isExpression(template)
    ? ofExpression(expressionText(template), field)
    : `The value of the field '${field}'`;
  const found = `Expected '${expected}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`;
  return queryError(site, field, `${subject} returned an unexpected result type. ${found}`);
}

const ofExpression = (text: string, field: string): string =>
  `The JSONata expression '${text}' specified for the field '${field}'`;

function typeName(value: Json): TypeName {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'object';
}

import type * as z from 'zod';
import { didYouMean } from './closest.ts';
import { fieldName, type Path, type UnplacedFinding } from './definition-finding.ts';
import type { DefinitionField } from './definition-json-schema.ts';
import { exampleLine, fieldAt, fieldExpectation, formsWith, inYaml, list, namesAt } from './fields.ts';
import type { YamlSource } from './yaml-source.ts';

type Issue = z.core.$ZodIssue;

/** What zod found wrong with the shape of a definition, in the user's terms. */
export function shapeFindings(issues: readonly Issue[], source: YamlSource): UnplacedFinding[] {
  return issues.flatMap((issue) => findingsOf(issue, pathOf(issue.path), source));
}

function findingsOf(issue: Issue, path: Path, source: YamlSource): UnplacedFinding[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownField(path, key, source));
    case 'invalid_union':
      return unionFindings(issue, path, source);
    case 'invalid_key':
      return [wrongName(path)];
    case 'invalid_format':
      return [wrongFormat(issue.message, path, source)];
    case 'custom':
      return [brokenRule(issue, path, source)];
    default:
      return [source.has(path) ? wrongValue(path, source) : missing(path)];
  }
}

/** A union's problem is that of the form that the user most likely meant. */
function unionFindings(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: Path,
  source: YamlSource,
): UnplacedFinding[] {
  const forms = issue.errors.filter((errors) => !errors.some(isOtherKindOfValue));
  const [nearest] = forms.toSorted((a, b) => distance(a) - distance(b));
  if (!nearest) return [source.has(path) ? wrongValue(path, source) : missing(path)];
  return nearest.flatMap((nested) => findingsOf(nested, [...path, ...pathOf(nested.path)], source));
}

function isOtherKindOfValue({ code, path }: Issue): boolean {
  return code === 'invalid_type' && path.length === 0;
}

/** An unknown name speaks more against a form than a missing or wrong value, which may be why this file is read at all. */
function distance(issues: readonly Issue[]): number {
  return issues
    .map((issue) => (issue.code === 'unrecognized_keys' ? 4 * issue.keys.length : 1))
    .reduce((sum, weight) => sum + weight, 0);
}

function unknownField(parent: Path, name: string, source: YamlSource): UnplacedFinding {
  const path = [...parent, name];
  const field = fieldName(path);
  const forms = formsWith(parent, name);
  if (forms.length > 0) return otherForm(path, forms, source);
  const known = namesAt(parent);
  const where = parent.length === 0 ? 'a definition' : `\`${fieldName(parent)}\``;
  return {
    path,
    atName: true,
    what: `\`${field}\` is not a field.${didYouMean(name, known)}`,
    remedy: `Fields of ${where} are ${list(known.map((field) => `\`${field}\``))}. Correct the name or remove the line.`,
  };
}

/** A field that exists, but in forms of its mapping that are not the one written. */
function otherForm(path: Path, forms: readonly DefinitionField[], source: YamlSource): UnplacedFinding {
  const parent = path.slice(0, -1);
  const name = String(path.at(-1));
  const field = `\`${fieldName(path)}\``;
  const kinds = forms.flatMap(({ properties }) => properties?.kind?.const ?? []);
  if (kinds.length > 0) {
    const kind = String(source.valueAt([...parent, 'kind']));
    return {
      path,
      atName: true,
      what: `${field} is for \`kind: ${kinds.join()}\` only; with \`kind: ${kind}\` it means nothing.${kindHint(kind)}`,
      remedy: `Remove the line, or write \`kind: ${kinds.join()}\`.`,
    };
  }
  const rivals = namesAt(parent).filter(
    (other) =>
      source.has([...parent, other]) &&
      !forms.some(({ properties }) => properties && Object.hasOwn(properties, other)),
  );
  // Nothing stands in its way, so the form that has it was refused for the field's value.
  if (rivals.length === 0) return wrongValue(path, source);
  const others = list(rivals.map((other) => `\`${other}\``));
  return {
    path,
    atName: true,
    what: `${field} cannot be used together with ${others}.`,
    remedy: `Keep \`${name}\` or ${others} and remove the other.`,
  };
}

function kindHint(kind: string): string {
  return kind === 'serverless'
    ? ' SageMaker has no instances to count and no deployment guardrails (canary, linear, rolling, alarms) for serverless endpoints: all traffic moves at once.'
    : '';
}

function missing(path: Path): UnplacedFinding {
  const example = exampleLine(path);
  const field = fieldAt(path);
  return {
    path,
    what: `\`${fieldName(path)}\` is missing.`,
    remedy: [
      example ? `Add a line such as \`${example}\`.` : 'Add it.',
      ...(field?.description ? [field.description] : []),
    ].join(' '),
  };
}

function wrongValue(path: Path, source: YamlSource): UnplacedFinding {
  const field = fieldAt(path) ?? {};
  const value = source.valueAt(path);
  const guess = field.enum && typeof value === 'string' ? didYouMean(value, field.enum.map(String)) : '';
  return {
    path,
    what: `\`${fieldName(path)}\` is ${shown(value)}; it must be ${fieldExpectation(field)}.${guess}`,
    remedy: [...hints(value, field, source.isQuoted(path)), howTo(path, field)].join(' '),
  };
}

function wrongName(path: Path): UnplacedFinding {
  const mapping = fieldName(path.slice(0, -1));
  return {
    path,
    atName: true,
    what: `\`${mapping}\` has an entry named ${shown(path.at(-1))}; a name must be text of 1 to 256 characters.`,
    remedy: 'Correct the name or remove the line.',
  };
}

/** For patterns of the schema, whose message says what a value must be. */
function wrongFormat(message: string, path: Path, source: YamlSource): UnplacedFinding {
  const field = fieldAt(path) ?? {};
  return {
    path,
    what: `\`${fieldName(path)}\` is ${shown(source.valueAt(path))}; it ${message}.`,
    remedy: howTo(path, field),
  };
}

/** For refinements of the schema: the message says what a value must be, `params.remedy` what to do. */
function brokenRule(
  { message, params }: Extract<Issue, { code: 'custom' }>,
  path: Path,
  source: YamlSource,
): UnplacedFinding {
  const field = fieldAt(path) ?? {};
  const remedy: unknown = params?.remedy;
  const value = source.valueAt(path) ?? field.default;
  return {
    path,
    what: `\`${fieldName(path)}\` is ${shown(value)}; it ${message}.`,
    remedy: typeof remedy === 'string' ? remedy : howTo(path, field),
  };
}

function howTo(path: Path, field: DefinitionField): string {
  const example = exampleLine(path);
  return [
    `${example ? `Write for example \`${example}\`` : 'Correct the value'}${orLeaveOut(field.default)}.`,
    ...(field.description ? [field.description] : []),
  ].join(' ');
}

function orLeaveOut(value: unknown): string {
  if (value === undefined) return '';
  const isTelling = typeof value !== 'object' || value === null;
  return isTelling ? `, or leave it out for the default, ${inYaml(value)}` : ', or leave it out';
}

const longestShown = 60;

function shown(value: unknown): string {
  if (value === null) return 'empty';
  const text = typeof value === 'string' ? JSON.stringify(value) : inYaml(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

/** What YAML made of the value, where that is often not what was meant. */
function hints(value: unknown, field: DefinitionField, isQuoted: boolean): string[] {
  const wants = (type: string) =>
    [field, ...(field.anyOf ?? [])].some((form) => form.type === type || form.type?.includes(type));
  const wantsNumber = wants('number') || wants('integer');
  if (value === null) return ['Give it a value or remove the line.'];
  if (typeof value === 'string' && wants('boolean') && /^(y|yes|on|n|no|off)$/i.test(value)) {
    const meant = /^(y|yes|on)$/i.test(value);
    return [`YAML 1.2 reads \`${value}\` as text: write \`${meant}\`.`];
  }
  if (typeof value === 'string' && wantsNumber) {
    const isNumber = value.trim() !== '' && Number.isFinite(Number(value));
    return [isNumber && isQuoted ? 'Remove the quotes.' : 'Write the number alone, in digits.'];
  }
  if ((typeof value === 'number' || typeof value === 'boolean') && wants('string') && !wantsNumber) {
    const kind = typeof value === 'number' ? 'a number' : 'true or false';
    return [`YAML reads this as ${kind}: put it in quotes, "${value}", if it is text.`];
  }
  return [];
}

function pathOf(path: readonly PropertyKey[]): Path {
  return path.map((part) => (typeof part === 'number' ? part : String(part)));
}

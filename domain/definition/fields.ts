import { stringify } from 'yaml';
import type { Path } from './definition-finding.ts';
import { type DefinitionField, definitionRootField } from './definition-json-schema.ts';

/** What the schema says about the fields of a definition: for messages that name, describe and give examples. */
const root = definitionRootField();

/** The field at the path, or `undefined` where the schema has none; a union where forms of its mapping differ in it. */
export function fieldAt(path: Path): DefinitionField | undefined {
  let field: DefinitionField | undefined = root;
  for (const part of path) {
    const children: DefinitionField[] = field ? childrenOf(field, part) : [];
    field = children.length > 1 ? asUnion(children) : children[0];
  }
  return field;
}

/** Names that some form of the mapping at the path has. */
export function namesAt(path: Path): string[] {
  const field = fieldAt(path);
  if (!field) return [];
  return namesOf(formsOf(field));
}

/** The forms of the mapping at the path that have a field of this name. */
export function formsWith(path: Path, name: string): readonly DefinitionField[] {
  const field = fieldAt(path);
  return field ? formsOf(field).filter((form) => namesOf([form]).includes(name)) : [];
}

/** What a value must be, to follow "must be": `a whole number from 1 to 3600`. */
export function fieldExpectation(field: DefinitionField): string {
  const forms = formsOf(field);
  if (forms.length > 1) {
    const mappings = forms.filter(({ type }) => type === 'object');
    const others = forms.filter((form) => !mappings.includes(form)).map(fieldExpectation);
    return alternatives([...new Set(others), ...(mappings.length === 0 ? [] : [mapping(mappings)])]);
  }
  if (field.const !== undefined) return code(field.const);
  if (field.enum) return alternatives(field.enum.map(code));
  if (typeof field.type !== 'string') {
    return alternatives((field.type ?? []).map((type) => fieldExpectation({ type })));
  }
  switch (field.type) {
    case 'integer':
      return `a whole number${range(field.minimum, field.maximum)}`;
    case 'number':
      return `a number${range(field.minimum, field.maximum)}`;
    case 'boolean':
      return '`true` or `false`';
    case 'string':
      return `text${sized(field.minLength, field.maxLength, 'characters')}`;
    case 'array':
      return `a list${sized(field.minItems, field.maxItems, 'entries')}`;
    default:
      return mapping([field]);
  }
}

/** A value as it would be written in a definition, on one line: `{ atLeast: 0.7 }`. */
export function inYaml(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true }).trimEnd();
}

/** A line to write for the field: its first example, its default, or its first choice; `undefined` if none is known. */
export function exampleLine(path: Path): string | undefined {
  const field = fieldAt(path);
  const name = path.at(-1);
  if (!field || typeof name !== 'string') return undefined;
  const forms = formsOf(field);
  const value = [field.examples?.[0], field.default, field.enum?.[0], forms[0]?.const].find(
    (candidate) => candidate !== undefined,
  );
  return value === undefined ? undefined : `${name}: ${inYaml(value)}`;
}

/** `a, b or c`. */
export function alternatives(words: readonly string[]): string {
  return joined(words, 'or');
}

/** `a, b and c`. */
export function list(words: readonly string[]): string {
  return joined(words, 'and');
}

function joined(words: readonly string[], conjunction: string): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}

/** A field of which a mapping's forms say different things; when they say the same, that. */
function asUnion(fields: readonly DefinitionField[]): DefinitionField {
  const [first] = fields;
  const isSame = fields.every((field) => JSON.stringify(field) === JSON.stringify(first));
  return isSame && first ? first : { anyOf: fields };
}

function formsOf(field: DefinitionField): readonly DefinitionField[] {
  return (field.anyOf ?? field.oneOf)?.flatMap(formsOf) ?? [field];
}

function namesOf(forms: readonly DefinitionField[]): string[] {
  return [...new Set(forms.flatMap(({ properties }) => Object.keys(properties ?? {})))];
}

function mapping(forms: readonly DefinitionField[]): string {
  const names = namesOf(forms);
  return names.length === 0 ? 'a mapping' : `a mapping with ${alternatives(names.map(code))}`;
}

function childrenOf(field: DefinitionField, part: string | number): DefinitionField[] {
  return formsOf(field).flatMap((form) => {
    if (typeof part === 'number') return form.items ? [form.items] : [];
    const { additionalProperties: rest } = form;
    const known = form.properties && Object.hasOwn(form.properties, part) ? form.properties[part] : undefined;
    if (known) return [known];
    return typeof rest === 'object' ? [rest] : [];
  });
}

function code(value: unknown): string {
  return `\`${String(value)}\``;
}

// Zod gives whole numbers without a limit the largest that a double can count to.
const unlimited = Number.MAX_SAFE_INTEGER;

function range(minimum: number | undefined, maximum: number | undefined): string {
  const least = minimum === undefined || minimum === -unlimited ? undefined : minimum;
  const most = maximum === undefined || maximum === unlimited ? undefined : maximum;
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  if (least !== undefined) return `, ${least} or more`;
  return most === undefined ? '' : `, ${most} or less`;
}

function sized(least: number | undefined, most: number | undefined, what: string): string {
  if (least !== undefined && most !== undefined) return ` of ${least} to ${most} ${what}`;
  if (least !== undefined) return ` of ${least} or more ${what}`;
  return most === undefined ? '' : ` of at most ${most} ${what}`;
}

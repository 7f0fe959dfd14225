import { InvalidPatternError } from './invalid-pattern-error.ts';
import type { Matcher, Scalar } from './matcher.ts';
import { isScalar, literalMatcher, matcherFactories, onlyEntry } from './matchers.ts';

/** Whether an event, or a part of one, is what a pattern describes. */
export type EventTest = (event: unknown) => boolean;

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads an event pattern of EventBridge.
 * A pattern has the shape of the events it matches; each of its leaves is a list, of which one entry must match. All
 * fields of a pattern must match; where an event has an array, one of its elements must, with all of its fields.
 * @param text JSON
 * @throws InvalidPatternError for what EventBridge would refuse
 */
export function eventPattern(text: string): EventTest {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch {
    throw new InvalidPatternError('', 'Not a valid JSON');
  }
  if (!isObject(pattern)) throw new InvalidPatternError('', 'Filter is not an object');
  assertBounds(pattern);
  const test = objectTest(pattern, '', []);
  return (event) => test(event, event);
}

/**
 * Whether a part of an event is what a part of a pattern describes. `whole` is the event: a field that must not exist must be nowhere in it,
 * in none of the elements of an array, as in AWS's event-ruler 1.7.3.
 */
type PartTest = (part: unknown, whole: unknown) => boolean;

/**
 * Most combinations of `$or` in a pattern: the product of the numbers of their entries. From memory of the EventBridge User Guide (OR
 * matching), and not verified: its page was found without the number.
 */
const mostCombinations = 1000;

/** Deepest nesting that is read. Of our own: AWS documents none, but a pattern of 2,048 characters has at most some 400 levels. */
const deepest = 500;

/** Refuses a pattern that would take the reader's stack or its time. Looks at it level by level, so that its own depth costs nothing. */
function assertBounds(pattern: Json): void {
  let combinations = 1;
  let level: readonly unknown[] = [pattern];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest)
      throw new InvalidPatternError('', `Pattern is nested more than ${deepest} levels deep`);
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      for (const [name, inner] of Object.entries(value)) {
        if (name === '$or' && Array.isArray(inner)) combinations *= Math.max(inner.length, 1);
        next.push(inner);
      }
    }
    if (combinations > mostCombinations)
      throw new InvalidPatternError('', `$or makes more than ${mostCombinations} combinations of rules`);
    level = next;
  }
}

/** Whether a pattern uses `wildcard`, of which EventBridge allows few rules per bus. */
export function usesWildcard(text: string): boolean {
  return /"wildcard"\s*:/.test(text);
}

/** Matches an object field by field. `names` lead to it from the event, and `where` says so with the places in `$or`. */
function objectTest(pattern: Json, where: string, names: readonly string[]): PartTest {
  const fields = fieldsOf(pattern);
  if (fields.length === 0) throw new InvalidPatternError(where, 'Empty objects are not allowed');
  const tests = fields.map(([name, inner]) => {
    const path = where === '' ? name : `${where}.${name}`;
    return name === '$or' ? orTest(inner, path, names) : fieldTest(name, inner, path, [...names, name]);
  });
  return (part, whole) => objectsOf(part).some((object) => tests.every((test) => test(object, whole)));
}

/**
 * The fields of a pattern. EventBridge joins names with dots (its user guide, Considerations when creating event patterns), so
 * `"state.status": […]` is `"state": {"status": […]}`, here and in the event.
 */
function fieldsOf(pattern: Json): readonly (readonly [string, unknown])[] {
  const fields: [string, unknown][] = [];
  for (const [joined, inner] of Object.entries(pattern)) {
    const [name, value] = splitAtDot(joined, inner);
    const beside = fields.find((field) => field[0] === name && areDisjoint(field[1], value));
    if (beside) beside[1] = { ...Object(beside[1]), ...Object(value) };
    else fields.push([name, value]);
  }
  return fields;
}

function splitAtDot(joined: string, inner: unknown): [string, unknown] {
  const dot = joined.indexOf('.');
  return dot < 0 ? [joined, inner] : [joined.slice(0, dot), { [joined.slice(dot + 1)]: inner }];
}

/** Whether two are objects without a common name, which describe one object together. */
function areDisjoint(one: unknown, other: unknown): boolean {
  return isObject(one) && isObject(other) && !Object.keys(other).some((name) => Object.hasOwn(one, name));
}

/** What an event has under a name: its own value, and those of names that begin with it and a dot. */
function valueUnder(event: Json, name: string): unknown {
  const own = Object.hasOwn(event, name) ? event[name] : undefined;
  const joined = Object.entries(event).filter(([other]) => other.startsWith(`${name}.`));
  if (joined.length === 0) return own;
  const inner = Object.fromEntries(joined.map(([other, value]) => [other.slice(name.length + 1), value]));
  if (areDisjoint(own, inner)) return { ...Object(own), ...inner };
  return own === undefined ? inner : [own, inner];
}

function fieldTest(
  name: string,
  pattern: unknown,
  where: string,
  names: readonly string[],
): (part: Json, whole: unknown) => boolean {
  if (Array.isArray(pattern)) {
    const test = leafTest(pattern, where, names);
    return (part, whole) => test(leavesOf(valueUnder(part, name)), whole);
  }
  if (!isObject(pattern)) throw new InvalidPatternError(where, `"${name}" must be an object or an array`);
  const test = objectTest(pattern, where, names);
  return (part, whole) => test(valueUnder(part, name), whole);
}

/** One of several patterns, beside the other fields. */
function orTest(
  patterns: unknown,
  where: string,
  names: readonly string[],
): (part: Json, whole: unknown) => boolean {
  if (!Array.isArray(patterns) || patterns.length < 2 || !patterns.every(isObject))
    throw new InvalidPatternError(where, '$or must be an array of at least two patterns');
  const tests = patterns
    .filter(isObject)
    .map((pattern, index) => objectTest(pattern, `${where}[${index}]`, names));
  return (part, whole) => tests.some((test) => test(part, whole));
}

type LeafTest = (values: readonly Scalar[], whole: unknown) => boolean;

/** One of the entries of a pattern's leaf against all values of the event's leaf; none means the field is missing. */
function leafTest(entries: readonly unknown[], where: string, names: readonly string[]): LeafTest {
  if (entries.length === 0) throw new InvalidPatternError(where, 'Empty arrays are not allowed');
  const tests = entries.map((entry, index) => entryTest(entry, `${where}[${index}]`, names));
  return (values, whole) => tests.some((test) => test(values, whole));
}

function entryTest(entry: unknown, where: string, names: readonly string[]): LeafTest {
  if (isScalar(entry)) return some(literalMatcher(entry));
  if (!isObject(entry))
    throw new InvalidPatternError(
      where,
      'Match value must be a string, number, true, false, null or an object',
    );
  const { name, operand } = onlyEntry(entry, where);
  if (name === 'exists') {
    if (typeof operand !== 'boolean')
      throw new InvalidPatternError(where, 'exists match pattern must be either true or false.');
    return operand ? (values) => values.length > 0 : (_values, whole) => leavesAt(whole, names).length === 0;
  }
  const factory = Object.hasOwn(matcherFactories, name) ? matcherFactories[name] : undefined;
  if (!factory) throw new InvalidPatternError(where, `Unrecognized match type ${name}`);
  return some(factory(operand, where));
}

function some(matches: Matcher): (values: readonly Scalar[]) => boolean {
  return (values) => values.some(matches);
}

/** The scalars at a leaf, those inside arrays included. An object is no leaf: `exists` does not see it. */
function leavesOf(value: unknown): readonly Scalar[] {
  return elementsOf(value).filter(isScalar);
}

/** The scalars to which names lead, through every element of an array. */
function leavesAt(whole: unknown, names: readonly string[]): readonly Scalar[] {
  let places: readonly unknown[] = [whole];
  for (const name of names) places = places.flatMap(objectsOf).map((object) => valueUnder(object, name));
  return places.flatMap(leavesOf);
}

/** The objects at a place; without any, an empty one, so that an `exists: false` inside it holds. */
function objectsOf(value: unknown): readonly Json[] {
  const objects = elementsOf(value).filter(isObject);
  return objects.length > 0 ? objects : [{}];
}

/** In their order. An event may nest its arrays deeper than a stack is. */
function elementsOf(value: unknown): readonly unknown[] {
  const elements: unknown[] = [];
  const rest = [value];
  while (rest.length > 0) {
    const next = rest.pop();
    if (Array.isArray(next)) for (const inner of next.toReversed()) rest.push(inner);
    else elements.push(next);
  }
  return elements;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

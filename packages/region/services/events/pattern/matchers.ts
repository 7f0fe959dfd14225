import { cidrMatcher } from './cidr.ts';
import { InvalidPatternError } from './invalid-pattern-error.ts';
import type { Matcher, MatcherFactory, Scalar } from './matcher.ts';
import { numericMatcher } from './numeric.ts';
import { wildcardMatcher } from './wildcard-matcher.ts';

/** Every match type that looks at a value; `exists`, which looks at a field's presence, is not among them. */
export const matcherFactories: Readonly<Record<string, MatcherFactory>> = {
  prefix: affixMatcher((value, affix) => value.startsWith(affix)),
  suffix: affixMatcher((value, affix) => value.endsWith(affix)),
  'equals-ignore-case': equalsIgnoreCase,
  wildcard: (operand, where) => onText(wildcardMatcher(text(operand, where), where)),
  'anything-but': anythingBut,
  numeric: numericMatcher,
  cidr: (operand, where) => onText(cidrMatcher(text(operand, where), where)),
};

export function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** A literal in a pattern: same type, same value. */
export function literalMatcher(literal: Scalar): Matcher {
  return (value) => value === literal;
}

/** `prefix` and `suffix` take a text, or `{"equals-ignore-case": text}`. */
function affixMatcher(has: (value: string, affix: string) => boolean): MatcherFactory {
  return (operand, where) => {
    if (typeof operand === 'string') return onText((value) => has(value, operand));
    const ignoringCase = onlyEntry(operand, where);
    if (ignoringCase.name !== 'equals-ignore-case')
      throw new InvalidPatternError(where, `Unrecognized match type ${ignoringCase.name}`);
    const affix = text(ignoringCase.operand, where).toLowerCase();
    return onText((value) => has(value.toLowerCase(), affix));
  };
}

function equalsIgnoreCase(operand: unknown, where: string): Matcher {
  const wanted = text(operand, where).toLowerCase();
  return onText((value) => value.toLowerCase() === wanted);
}

const negatableTypes = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];

/** Takes a text or a number, a list of either, or one of `negatableTypes` with a text or a list of texts. */
function anythingBut(operand: unknown, where: string): Matcher {
  const refused = isListOrScalar(operand) ? literals(operand, where) : negated(operand, where);
  return (value) => !refused.some((matches) => matches(value));
}

function isListOrScalar(operand: unknown): boolean {
  return Array.isArray(operand) || typeof operand !== 'object' || operand === null;
}

function literals(operand: unknown, where: string): Matcher[] {
  const values: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (values.length === 0) throw new InvalidPatternError(where, 'Empty arrays are not allowed');
  const isAlike = ['string', 'number'].some((type) => values.every((value) => typeof value === type));
  if (!isAlike)
    throw new InvalidPatternError(
      where,
      'Inside anything-but list, either all values must be numbers or all must be strings',
    );
  return values.filter(isScalar).map(literalMatcher);
}

function negated(operand: unknown, where: string): Matcher[] {
  const { name, operand: inner } = onlyEntry(operand, where);
  const factory = matcherFactories[name];
  if (!negatableTypes.includes(name) || !factory)
    throw new InvalidPatternError(where, `Unsupported anything-but pattern: ${name}`);
  const operands: readonly unknown[] = Array.isArray(inner) ? inner : [inner];
  if (operands.length === 0) throw new InvalidPatternError(where, 'Empty arrays are not allowed');
  return operands.map((one) => {
    // Recorded on AWS (LocalStack 8b9a79f, content_anything_prefix_empty_EXC): beside `anything-but` an empty affix is refused.
    if (one === '' && (name === 'prefix' || name === 'suffix'))
      throw new InvalidPatternError(where, 'Null prefix/suffix not allowed');
    return factory(text(one, where), where);
  });
}

/** Texts only; other values never match. */
function onText(matches: (value: string) => boolean): Matcher {
  return (value) => typeof value === 'string' && matches(value);
}

/** The name and the operand of an object with exactly one member. */
export function onlyEntry(operand: unknown, where: string): { name: string; operand: unknown } {
  const entries = typeof operand === 'object' && operand !== null ? Object.entries(operand) : [];
  const [entry, ...others] = entries;
  if (!entry || others.length > 0)
    throw new InvalidPatternError(where, 'Only one key allowed in match expression');
  return { name: entry[0], operand: entry[1] };
}

function text(operand: unknown, where: string): string {
  if (typeof operand !== 'string') throw new InvalidPatternError(where, 'the match value must be a string');
  return operand;
}

import { InvalidPatternError } from './invalid-pattern-error.ts';
import type { Matcher } from './matcher.ts';

type Comparison = (value: number, bound: number) => boolean;

const comparisons: Readonly<Record<string, Comparison>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** EventBridge compares numbers between -5 and 5 billion. */
const maxMagnitude = 5e9;

/** A matcher for `numeric`: one comparison such as `["=", 5]`, or a range such as `[">", 0, "<=", 5]`. */
export function numericMatcher(operand: unknown, where: string): Matcher {
  if (!Array.isArray(operand)) throw new InvalidPatternError(where, 'Value of numeric must be an array.');
  const tests = pairs(operand, where).map(([name, bound]) => comparison(name, bound, where));
  assertRange(operand, where);
  return (value) => typeof value === 'number' && tests.every((matches) => matches(value));
}

function pairs(operand: readonly unknown[], where: string): [unknown, unknown][] {
  if (operand.length !== 2 && operand.length !== 4)
    throw new InvalidPatternError(
      where,
      'Invalid member in numeric match: one or two comparisons are needed',
    );
  return Array.from({ length: operand.length / 2 }, (_, index) => [
    operand[2 * index],
    operand[2 * index + 1],
  ]);
}

function comparison(name: unknown, bound: unknown, where: string): (value: number) => boolean {
  const compare =
    typeof name === 'string' && Object.hasOwn(comparisons, name) ? comparisons[name] : undefined;
  if (!compare) throw new InvalidPatternError(where, `Unrecognized numeric range operator: ${String(name)}`);
  if (typeof bound !== 'number' || Math.abs(bound) > maxMagnitude)
    throw new InvalidPatternError(where, `Value of ${String(name)} must be a number within 5e9 of 0`);
  return (value) => compare(value, bound);
}

/** Two comparisons are a lower bound, then an upper bound above it. */
function assertRange(operand: readonly unknown[], where: string): void {
  if (operand.length !== 4) return;
  const [lower, bottom, upper, top] = operand;
  const isRange =
    String(lower).startsWith('>') && String(upper).startsWith('<') && Number(bottom) < Number(top);
  if (!isRange) throw new InvalidPatternError(where, 'Bottom must be less than top');
}

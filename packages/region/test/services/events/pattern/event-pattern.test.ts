import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventPattern, usesWildcard } from '../../../../services/events/pattern/event-pattern.ts';
import { InvalidPatternError } from '../../../../services/events/pattern/invalid-pattern-error.ts';
import cases from './event-pattern.cases.json' with { type: 'json' };

const textOf = (pattern: unknown) => (typeof pattern === 'string' ? pattern : JSON.stringify(pattern));

describe.each(cases.valid)('$title', ({ pattern, matches, misses }) => {
  const matchesPattern = eventPattern(textOf(pattern));

  test.each(matches.map((event) => [event]))('matches %j', (event) => {
    expect(matchesPattern(event)).toBe(true);
  });

  test.each(misses.map((event) => [event]))('does not match %j', (event) => {
    expect(matchesPattern(event)).toBe(false);
  });
});

test.each(cases.invalid)('a pattern is refused with $title', ({ pattern, reason }) => {
  expect(() => eventPattern(textOf(pattern))).toThrow(reason);
});

test('the place of a mistake is named', () => {
  const pattern = JSON.stringify({ detail: { key: ['a', { prefixx: 'b' }] } });

  expect(() => eventPattern(pattern)).toThrow(
    'Event pattern is not valid. Reason: Unrecognized match type prefixx at detail.key[1]',
  );
});

test('a wildcard pattern matches what the regular expression of the same meaning matches', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
  const pattern = letters.map((text) => text.replace(/\*+/g, '*'));
  fc.assert(
    fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 }), (wildcard, value) => {
      const matches = eventPattern(JSON.stringify({ x: [{ wildcard }] }))({ x: value });

      expect(matches).toBe(new RegExp(`^${wildcard.replaceAll('*', '.*')}$`).test(value));
    }),
  );
});

test('anything-but is the opposite of what it negates, for any text', () => {
  const negatable = fc.record({
    type: fc.constantFrom('prefix', 'suffix', 'equals-ignore-case'),
    operand: fc.string({ unit: fc.constantFrom('a', 'B', 'b'), minLength: 1, maxLength: 3 }),
  });
  fc.assert(
    fc.property(
      negatable,
      fc.string({ unit: fc.constantFrom('a', 'b', 'B'), maxLength: 4 }),
      ({ type, operand }, x) => {
        const positive = eventPattern(JSON.stringify({ x: [{ [type]: operand }] }));
        const negative = eventPattern(JSON.stringify({ x: [{ 'anything-but': { [type]: operand } }] }));

        expect(negative({ x })).toBe(!positive({ x }));
      },
    ),
  );
});

test('a pattern made of an event of texts matches that event', () => {
  const event = fc.dictionary(
    fc.string({ minLength: 1 }).filter((name) => name !== '$or' && name !== '__proto__'),
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    { minKeys: 1 },
  );
  fc.assert(
    fc.property(event, (fields) => {
      const pattern = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value]]));

      expect(eventPattern(JSON.stringify({ detail: pattern }))({ detail: fields })).toBe(true);
    }),
  );
});

test('a wildcard is noticed anywhere in a pattern, and only as a match type', () => {
  expect(usesWildcard('{"a":[{"anything-but":{"wildcard":"*x"}}]}')).toBe(true);
  expect(usesWildcard('{"a":["wildcard"]}')).toBe(false);
});

describe('an extreme pattern', () => {
  const nested = (levels: number) => `${'{"a":'.repeat(levels)}["x"]${'}'.repeat(levels)}`;
  const either = [{ a: ['1'] }, { b: ['2'] }];
  const orInside = (levels: number): object =>
    levels === 0 ? { a: ['1'] } : { $or: [orInside(levels - 1), { b: ['2'] }] };

  test.each([501, 30_000, 200_000])('of %i levels is refused as a pattern that is not valid', (levels) => {
    expect(() => eventPattern(nested(levels))).toThrow(InvalidPatternError);
  });

  test('of as many levels as its characters allow is read', () => {
    expect(eventPattern(nested(340))({})).toBe(false);
  });

  test.each([
    ['nested', () => orInside(10)],
    ['side by side', () => Object.fromEntries('abcdefghij'.split('').map((name) => [name, { $or: either }]))],
    ['in one list', () => ({ $or: Array.from({ length: 1001 }, (_, index) => ({ a: [`${index}`] })) })],
  ])('with more than 1,000 combinations of $or, %s, is refused', (_title, pattern) => {
    expect(() => eventPattern(JSON.stringify(pattern()))).toThrow('more than 1000 combinations');
  });

  test('with fewer is read', () => {
    expect(eventPattern(JSON.stringify(orInside(9)))({ b: '2' })).toBe(true);
  });

  test('is matched with arrays in arrays however deep they are', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}"x"${']'.repeat(50_000)}`);

    expect(eventPattern('{"a":["x"]}')({ a: deep })).toBe(true);
  });
});

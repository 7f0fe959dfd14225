import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Trial } from './event-ruler.ts';

/** What EventBridge asks of an event. */
const envelope = {
  id: '1',
  account: '123456789012',
  source: 'shop',
  time: '2026-01-01T00:00:00Z',
  region: 'eu-west-1',
  'detail-type': 'order placed',
};
const trialOf = (pattern: unknown, detail: unknown): Trial => ({
  pattern: JSON.stringify({ detail: pattern }),
  event: JSON.stringify({ ...envelope, detail }),
});

interface Cases {
  readonly valid: readonly {
    readonly pattern: unknown;
    readonly matches: unknown[];
    readonly misses: unknown[];
  }[];
  readonly invalid: readonly { readonly pattern: unknown }[];
}

/** The cases of the region's own tests, each below `detail`. Patterns that are not JSON are left out: there is nothing to put below. */
export function casesOfTests(): Trial[] {
  const file = new URL('../../test/services/events/pattern/event-pattern.cases.json', import.meta.url);
  const { valid, invalid }: Cases = JSON.parse(readFileSync(file, 'utf8'));
  const isJson = ({ pattern }: { pattern: unknown }) => typeof pattern !== 'string';
  return [
    ...valid
      .filter(isJson)
      .flatMap(({ pattern, matches, misses }) =>
        [...matches, ...misses].map((event) => trialOf(pattern, event)),
      ),
    ...invalid.filter(isJson).map(({ pattern }) => trialOf(pattern, {})),
  ];
}

const texts = fc.constantFrom('', 'a', 'A', 'ab', 'abc', 'b.c', 'ü', '10.0.0.1', '5');
const numbers = fc.constantFrom(0, 1, -1, 5, 5.5, 300, 1e9);
const scalar = fc.oneof(texts, numbers, fc.constantFrom(true, false, null));
const names = fc.constantFrom('a', 'b', 'c', 'b.c');

const single = fc.oneof(
  { weight: 3, arbitrary: scalar },
  texts.map((prefix) => ({ prefix })),
  texts.map((suffix) => ({ suffix })),
  texts.map((text) => ({ 'equals-ignore-case': text })),
  texts.map((text) => ({ prefix: { 'equals-ignore-case': text } })),
  fc.constantFrom('a*', '*b', '*', 'a*c', '**', '*a*b*').map((wildcard) => ({ wildcard })),
  fc
    .oneof(
      texts,
      numbers,
      fc.array(texts, { maxLength: 2 }),
      fc.array(numbers, { minLength: 1, maxLength: 2 }),
    )
    .map((value) => ({ 'anything-but': value })),
  fc
    .tuple(fc.constantFrom('prefix', 'suffix', 'equals-ignore-case', 'wildcard'), texts)
    .map(([type, value]) => ({
      'anything-but': { [type]: value },
    })),
  fc
    .tuple(fc.constantFrom('<', '<=', '=', '>', '>='), numbers)
    .map(([operator, value]) => ({ numeric: [operator, value] })),
  fc.tuple(numbers, numbers).map(([low, high]) => ({ numeric: ['>', low, '<=', high] })),
  fc.boolean().map((exists) => ({ exists })),
  fc.constantFrom('10.0.0.0/24', '10.0.0.1/32', '2001:db8::/32', '300.0.0.0/8').map((cidr) => ({ cidr })),
);
const leaf = fc.array(single, { minLength: 1, maxLength: 2 });
const flat = fc.dictionary(names, leaf, { minKeys: 1, maxKeys: 2 });
const nested = fc.dictionary(names, fc.oneof({ weight: 3, arbitrary: leaf }, flat), {
  minKeys: 1,
  maxKeys: 2,
});
const pattern = fc.oneof(
  { weight: 4, arbitrary: nested },
  fc.array(flat, { minLength: 2, maxLength: 3 }).map(($or) => ({ $or })),
  fc.tuple(flat, fc.array(flat, { minLength: 2, maxLength: 2 })).map(([beside, $or]) => ({ ...beside, $or })),
);
const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }));
const detail = fc.dictionary(
  names,
  fc.oneof(
    value,
    fc.dictionary(names, value, { maxKeys: 2 }),
    fc.array(fc.dictionary(names, value, { maxKeys: 2 }), { maxLength: 2 }),
  ),
  {
    maxKeys: 3,
  },
);

/** Paths of a pattern's leaves, and how often the whole pattern or one of its alternatives names each. */
function pathsOf(part: unknown, path = ''): string[] {
  if (Array.isArray(part) || typeof part !== 'object' || part === null) return [path];
  return Object.entries(part).flatMap(([name, inner]) =>
    name === '$or' && Array.isArray(inner)
      ? [...new Set(inner.flatMap((one) => pathsOf(one, path)))]
      : pathsOf(inner, `${path}.${name}`),
  );
}

/** Of a path that a pattern names twice, event-ruler takes the later: see SUPPORT.md. */
function namesEachPathOnce(part: unknown): boolean {
  const paths = pathsOf(part);
  return new Set(paths).size === paths.length;
}

/** Patterns and events of few names and values, so that many match. The same for the same seed. */
export function randomTrials(count: number, seed: number): Trial[] {
  const trial = fc
    .tuple(pattern.filter(namesEachPathOnce), detail)
    .map(([one, other]) => trialOf(one, other));
  return fc.sample(trial, { numRuns: count, seed });
}

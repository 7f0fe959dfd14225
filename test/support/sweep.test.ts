import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sweeps } from '../../vitest.long.config.ts';
import { drawn } from './sweep.ts';

const cases = Array.from({ length: 50 }, (_, index) => ({
  index,
  kind: index % 7 === 0 ? 'rare' : `k${index % 3}`,
}));
const kindOf = ({ kind }: { kind: string }) => kind;

it('each file that samples is run whole by the long tests, and no other', () => {
  const sampling = ['test', 'packages']
    .flatMap((root) =>
      readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => join(root, path)),
    )
    .filter((path) => path.endsWith('.test.ts') && !path.includes('node_modules'))
    .filter((path) => /from '[./]*\/support\/sweep\.ts'/.test(readFileSync(path, 'utf8')))
    .filter((path) => path !== 'test/support/sweep.test.ts');

  expect(sampling.sort()).toEqual(sweeps);
});

describe('a sample of a sweep', () => {
  it('is the same for the same seed, and another for another', () => {
    const sample = (seed: string) => drawn(cases, { size: 10, kindOf, seed });

    expect(sample('1')).toEqual(sample('1'));
    expect(sample('1')).not.toEqual(sample('2'));
  });

  it('has each kind, as many cases as are asked for, each once, in their order', () => {
    for (const seed of ['1', '2', '3', '4']) {
      const sample = drawn(cases, { size: 10, kindOf, seed });
      const places = sample.map(({ index }) => index);

      expect(new Set(sample.map(kindOf))).toEqual(new Set(cases.map(kindOf)));
      expect(places).toEqual([...new Set(places)].toSorted((a, b) => a - b));
      expect(sample).toHaveLength(10);
      expect(drawn(cases, { size: 0, kindOf, seed })).toHaveLength(4);
      expect(drawn(cases, { size: 99, kindOf, seed })).toEqual(cases);
    }
  });

  it('comes to every case by some seed', () => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 60; seed += 1) {
      for (const { index } of drawn(cases, { size: 10, kindOf, seed: String(seed) })) seen.add(index);
    }

    expect(seen.size).toBe(cases.length);
  });
});

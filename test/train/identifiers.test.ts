import { describe, expect, it } from 'vitest';
import { countsRows } from '../../functions/train/identifiers.ts';

/** A generator of numbers from 0 to 1 (mulberry32), so that every run sees the same. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const normal = (next: () => number) => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

function shuffled(values: readonly number[], next: () => number): number[] {
  return values
    .map((value) => ({ value, key: next() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ value }) => value);
}

const judge = (values: readonly number[], files = 1) =>
  countsRows({
    values: Float64Array.from(values),
    distinctValues: new Set(values).size,
    distinctRows: values.length,
    files,
  });

/** As the training split sees a file: seven rows of ten, in their order. */
const training = (values: readonly number[], next: () => number) => values.filter(() => next() < 0.7);

const rows = [300, 1000, 20_000];
const seeds = [1, 2, 3, 4, 5];
const cases = rows.flatMap((count) => seeds.map((seed) => ({ count, seed })));
const upTo = (count: number) => Array.from({ length: count }, (_, row) => row);

describe('identifiers', () => {
  it.each(cases)('that count $count rows are recognised, seed $seed', ({ count, seed }) => {
    const next = random(seed);
    const dense = upTo(count).map((row) => 100_000 + row);
    const gaps = (widest: number) => {
      let id = 5_000_000;
      return upTo(count).map(() => {
        id += 1 + Math.floor(widest * next());
        return id;
      });
    };
    const shards = upTo(count).map((row) => (row % 4) * 1_000_000_000 + Math.floor(row / 4));
    const lists = {
      dense,
      descending: dense.toReversed(),
      shuffled: shuffled(dense, next),
      gaps: gaps(5),
      wideGaps: gaps(10_000),
      shuffledGaps: shuffled(gaps(5), next),
      shards,
      shardAfterShard: shards.toSorted((a, b) => a - b),
    };

    const found = Object.entries(lists).filter(([, ids]) => !judge(training(ids, next)));

    expect(found.map(([name]) => name)).toEqual([]);
  });

  it('that begin again in every file are recognised', () => {
    const file = (first: number) => upTo(200).map((row) => first + 5000 * row);

    expect(judge([...file(7), ...file(3), ...file(5_000_000)], 3)).toBe(true);
  });

  it('are recognised though a few rows are there twice with another value', () => {
    const ids = upTo(1000).map((row) => 1 + row);

    expect(judge([...ids, 3, 17, 99])).toBe(true);
  });
});

describe('whole numbers that describe rows', () => {
  it.each(cases)('stay, of $count rows, seed $seed', ({ count, seed }) => {
    const next = random(seed);
    const draw = (value: () => number) => upTo(count).map(() => Math.round(value()));
    const amounts = draw(() => 100 * Math.exp(4 + 1.2 * normal(next)));
    const lists = {
      amountsInCents: amounts,
      amountsSorted: amounts.toSorted((a, b) => a - b),
      amountsNewestFirst: amounts.toSorted((a, b) => b - a),
      evenAmounts: draw(() => 1_000_000 * next()),
      years: draw(() => 1950 + 75 * next()),
      yearsInOrder: upTo(count).map((row) => 1950 + Math.floor((75 * row) / count)),
      counts: draw(() => 40 * next() ** 3),
      ages: draw(() => 45 + 15 * normal(next)),
      postcodes: draw(() => 1000 + 98_000 * next()),
      hours: upTo(count).map((row) => row % 24),
      populations: draw(() => Math.exp(9 + 1.5 * normal(next))),
      scores: draw(() => 300 + 550 * next()),
      customersWithSeveralRows: draw(() => 100_000 + (count / 3) * next()),
    };

    const found = Object.entries(lists).filter(([, values]) => judge(training(values, next)));

    expect(found.map(([name]) => name)).toEqual([]);
  });

  it('stay where each value is there as often as any other', () => {
    expect(judge(upTo(1000).map((row) => 1950 + (row % 50)))).toBe(false);
  });
});

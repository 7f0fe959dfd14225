import { describe, expect, it } from 'vitest';
import { seededUniform } from '../../metrics/random.ts';
import { clopperPearson } from '../../research/clopper-pearson.ts';
import { evidentlyCallsDrift } from '../../research/evidently.ts';
import { pictureOf } from '../../research/picture.ts';
import { planSimulations } from '../../research/plan.ts';
import { everySort, normal, type Population, zipf } from '../../research/populations.ts';
import { comparedColumn, drawSample, planSampleBins, type Sample } from '../../research/samples.ts';
import { simulate } from '../../research/simulate.ts';

describe("Clopper and Pearson's interval", () => {
  /** scipy.stats.binomtest(...).proportion_ci(method='exact') */
  it.each([
    { successes: 0, trials: 100, low: 0, high: 0.036216693 },
    { successes: 7, trials: 100, low: 0.028605289, high: 0.138919728 },
    { successes: 100, trials: 100, low: 0.963783307, high: 1 },
    { successes: 52, trials: 1000, low: 0.039076535, high: 0.06763501 },
  ])('of $successes in $trials', ({ successes, trials, low, high }) => {
    const interval = clopperPearson(successes, trials);
    expect(interval.low).toBeCloseTo(low, 7);
    expect(interval.high).toBeCloseTo(high, 7);
  });
});

describe('simulated samples', () => {
  it.each(everySort)('are counted in bins that keep every row: $name', (population) => {
    const uniform = seededUniform(1);
    const [training, reference, current] = [2000, 1000, 300].map((rows) =>
      drawSample(population, rows, uniform),
    );
    if (!training || !reference || !current) throw new Error('There are three.');
    const column = comparedColumn('x', population, planSampleBins(population, training), reference, current);
    const rowsOf = ({ counts, missing }: { counts: readonly number[]; missing: number }) =>
      counts.reduce((sum, count) => sum + count, missing);
    expect(rowsOf(column.reference)).toBe(1000);
    expect(rowsOf(column.current)).toBe(300);
    if (column.kind === 'number') expect(column.reference.counts).toHaveLength(column.edges.length + 1);
    else expect(column.reference.counts).toHaveLength(column.labels.length);
  });

  it('put categories that training never had into the last bin', () => {
    const uniform = seededUniform(2);
    const before = zipf(5);
    const now = zipf(5, { unseen: 0.5 });
    const bins = planSampleBins(before, drawSample(before, 1000, uniform));
    const column = comparedColumn(
      'x',
      before,
      bins,
      drawSample(before, 500, uniform),
      drawSample(now, 500, uniform),
    );
    expect(column.reference.counts.at(-1)).toBe(0);
    expect(column.current.counts.at(-1)).toBeGreaterThan(200);
  });
});

describe("Evidently's default rules", () => {
  const numbers: Population = {
    ...normal(),
    cells: new Float64Array(10).fill(0.1),
    values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  };
  const sample = (cells: readonly number[]): Sample => ({ cells: Float64Array.from(cells), missing: 0 });
  const even = (rows: number) => sample(new Array<number>(10).fill(rows / 10));

  it('measure distances from more than 1,000 rows of reference', () => {
    // 30 of 5,000 rows move by 9: 0.054 over a standard deviation of 2.87. Then 10 of 55 rows too many at the top.
    const moved = sample([470, 500, 500, 500, 500, 500, 500, 500, 500, 530]);
    expect(evidentlyCallsDrift(numbers, even(5000), even(50))).toBe(false);
    expect(evidentlyCallsDrift(numbers, even(5000), moved)).toBe(false);
    expect(evidentlyCallsDrift(numbers, even(5000), sample([5, 5, 5, 5, 5, 5, 5, 5, 5, 15]))).toBe(true);
  });

  it('test significance up to 1,000 rows of reference', () => {
    expect(evidentlyCallsDrift(numbers, even(1000), even(1000))).toBe(false);
    expect(
      evidentlyCallsDrift(numbers, even(1000), sample([60, 70, 80, 90, 100, 100, 110, 120, 130, 140])),
    ).toBe(true);
  });

  it('call any category drift that the reference does not have', () => {
    const categories = zipf(3);
    expect(evidentlyCallsDrift(categories, sample([500, 300, 200, 0]), sample([500, 300, 199, 1]))).toBe(
      true,
    );
  });
});

describe('a simulation', () => {
  const [first] = planSimulations(0.01);
  if (!first) throw new Error('There is one.');

  it('gives the same figures again', () => {
    const simulation = { ...first.simulation, windows: 20 };
    expect(simulate(simulation)).toEqual(simulate(simulation));
  });

  it('sees what has moved and not what has not', () => {
    const columns = [{ before: normal(), now: normal(1) }];
    const moved = simulate({
      ...first.simulation,
      columns,
      windowRows: 500,
      windows: 20,
      withEvidently: true,
    });
    expect(moved.drift).toBe(20);
    expect(moved.evidentlyFirst).toBe(20);
  });

  it('covers what is promised', () => {
    const parts = planSimulations(1);
    const sizes = parts.map(({ simulation }) => simulation.windowRows);
    const features = parts.map(({ simulation }) => simulation.columns.length);
    expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([50, 1_000_000]);
    expect([Math.min(...features), Math.max(...features)]).toEqual([1, 200]);
  });

  it('is drawn without anything that is not a number', () => {
    const results = planSimulations(0.01)
      .filter(({ part }) => part === 'columns' || part === 'power')
      .map((part) => ({
        ...part,
        outcome: {
          windows: 10,
          significant: 1,
          drift: 1,
          evidentlyFirst: 5,
          evidentlyAny: 6,
          evidentlyHalf: 2,
        },
      }));
    const picture = pictureOf(results);
    expect(picture).not.toMatch(/NaN|undefined|Infinity/);
    expect(picture.match(/<polyline/g)?.length).toBe(4 + 5 * 3);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Datapoint } from '../../../services/cloudwatch/datapoints.ts';
import { statisticNamed } from '../../../services/cloudwatch/statistics.ts';

const datapointOf = (values: readonly number[]): Datapoint => ({
  at: 0,
  unit: 'None',
  sampleCount: values.length,
  sum: values.reduce((sum, value) => sum + value, 0),
  minimum: Math.min(...values),
  maximum: Math.max(...values),
  values: values.map((value) => ({ value, count: 1 })),
});
const summedUp = (values: readonly number[]): Datapoint => ({ ...datapointOf(values), values: [] });

describe('a statistic', () => {
  it.each([
    ['Sum', 16],
    ['SampleCount', 4],
    ['Average', 4],
    ['Minimum', 1],
    ['Maximum', 10],
    ['p0', 1],
    ['p50', 2],
    ['p75', 3],
    ['p90', 10],
    ['p99.9', 10],
    ['p100', 10],
  ])('%s of 1, 2, 3 and 10 is %d', (name, expected) => {
    expect(statisticNamed(name)?.([datapointOf([10, 1]), datapointOf([3, 2])])).toBe(expected);
  });

  it('has no value without data', () => {
    for (const name of ['Sum', 'Minimum', 'p50']) expect(statisticNamed(name)?.([])).toBeUndefined();
  });

  it('is the same of single values as of their sum-up, percentiles aside', () => {
    const groups = fc.array(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(
        groups,
        fc.constantFrom('Sum', 'SampleCount', 'Average', 'Minimum', 'Maximum'),
        (all, name) => {
          const statistic = statisticNamed(name);
          expect(statistic?.(all.map(summedUp))).toBe(statistic?.(all.map(datapointOf)));
        },
      ),
    );
  });

  it('that is a percentile has no value of data that came summed up, unless they are one value', () => {
    expect(statisticNamed('p90')?.([summedUp([1, 2])])).toBeUndefined();
    expect(statisticNamed('p90')?.([summedUp([7, 7])])).toBe(7);
  });

  it.each(['tm90', 'p101', 'p-1', 'IQM', 'average'])('%s is not served', (name) => {
    expect(statisticNamed(name)).toBeUndefined();
  });
});

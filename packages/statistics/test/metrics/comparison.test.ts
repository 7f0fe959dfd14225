import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare } from '../../metrics/comparison.ts';
import type { MetricName } from '../../metrics/metric-facts.ts';
import { metricFactsOf } from '../../metrics/metric-facts.ts';
import type { Predictions } from '../../metrics/predictions.ts';
import { binary, oracles, regression } from './oracles/oracles.ts';

const z95 = 1.6448536269514722;

const cases: [string, Predictions, Predictions, Record<string, [number, number]>][] = [
  ...oracles.binary.map((each) => ({ each, of: binary })),
  ...oracles.regression.map((each) => ({ each, of: regression })),
].map(({ each, of }) => [
  each.name,
  of(each.labels, each.first),
  of(each.labels, each.second),
  each.differences,
]);

describe('compare', () => {
  it.each(cases)(
    '%s: agrees with other libraries on difference, its error and the bound',
    (_, ours, theirs, differences) => {
      for (const [metric, [difference, standardError]] of Object.entries(differences)) {
        const name = metric as MetricName;
        const improvement = compare(name, ours, theirs, 0.95);

        const better = metricFactsOf(ours.problem, name)?.better === 'higher' ? difference : -difference;
        expect(improvement?.value, metric).toBeCloseTo(better, 9);
        expect(improvement?.standardError, metric).toBeCloseTo(standardError, 7);
        expect(improvement?.atLeast, metric).toBeCloseTo(better - z95 * standardError, 7);
      }
    },
  );

  it('finds a model exactly as good as itself, with certainty', () => {
    const [{ labels, first }] = oracles.binary as [(typeof oracles.binary)[number]];
    const same = binary(labels, first);

    for (const metric of ['auc', 'logLoss', 'brier', 'accuracy', 'f1'] as const) {
      expect(compare(metric, same, same, 0.95), metric).toEqual({ value: 0, atLeast: 0, standardError: 0 });
    }
  });

  it('is the mirror image when the two models change places', () => {
    const scored = fc.array(
      fc.record({
        label: fc.constantFrom(0, 1),
        a: fc.double({ min: 0, max: 1, noNaN: true }),
        b: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { minLength: 4, maxLength: 60 },
    );
    fc.assert(
      fc.property(
        scored,
        fc.constantFrom<MetricName>('auc', 'logLoss', 'brier', 'accuracy', 'recall'),
        (rows, metric) => {
          const labels = rows.map(({ label }) => label);
          const a = binary(
            labels,
            rows.map((row) => row.a),
          );
          const b = binary(
            labels,
            rows.map((row) => row.b),
          );

          const forth = compare(metric, a, b, 0.9);
          const back = compare(metric, b, a, 0.9);

          expect(forth === undefined).toBe(back === undefined);
          if (!forth || !back) return;
          expect(forth.value).toBeCloseTo(-back.value, 9);
          expect(forth.standardError).toBeCloseTo(back.standardError, 9);
        },
      ),
    );
  });

  it('has no paired test for the calibration error, nor for AUC without both classes', () => {
    const predictions = binary([1, 1, 0], [0.5, 0.6, 0.7]);
    const oneClass = binary([1, 1, 1], [0.5, 0.6, 0.7]);

    expect(compare('calibrationError', predictions, predictions, 0.95)).toBeUndefined();
    expect(compare('auc', oneClass, oneClass, 0.95)).toBeUndefined();
  });
});

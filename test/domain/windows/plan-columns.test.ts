import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edgesUpTo } from '../../../domain/windows/bin-of.ts';
import { calibrationEdges, planColumns, predictionWidth } from '../../../domain/windows/plan-columns.ts';
import { Profiler } from '../../../packages/statistics/profile/profiler.ts';

const noFeatures = new Profiler([]).finish();

function edgesOf(predictions: readonly number[]): readonly number[] {
  const [plan] = planColumns(noFeatures, { values: Float64Array.from(predictions) }).columns;
  return plan?.kind === 'edges' ? plan.edges : [];
}

describe('bins of the prediction', () => {
  it.each([
    { rows: 50_000, bins: 20 },
    { rows: 1000, bins: 10 },
    { rows: 250, bins: 3 },
  ])('are $bins quantiles of $rows answers: each has rows enough for the tests', ({ rows, bins }) => {
    const edges = edgesOf(Array.from({ length: rows }, (_, index) => index / rows));

    expect(edges).toHaveLength(bins - 1);
    for (const [index, edge] of edges.entries()) expect(edge).toBeCloseTo((index + 1) / bins, 1);
  });

  it('do not depend on the digits that are printed, and tell few answers apart', () => {
    const answers = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 60 });

    fc.assert(
      fc.property(answers, (thousandths) => {
        const scores = thousandths.map((thousandth) => Math.fround(thousandth / 1000));
        const edges = edgesOf(scores);

        for (const score of scores) {
          expect(edgesUpTo(edges, Number(score.toPrecision(6)))).toBe(edgesUpTo(edges, score));
        }
        const different = new Set(scores).size;
        if (different <= 3)
          expect(new Set(scores.map((score) => edgesUpTo(edges, score))).size).toBe(different);
      }),
    );
  });

  it('are the classes of a multiclass model, whether they occur or not', () => {
    expect(planColumns(noFeatures, { classes: ['early', 'late'] }).columns).toEqual([
      { kind: 'values', name: 'prediction', values: ['early', 'late'], rare: '' },
    ]);
  });
});

describe('a prediction', () => {
  it('has a number per class that the plan has, and otherwise one', () => {
    const bins = planColumns(noFeatures, { classes: ['early', 'late', 'on time'] });

    expect(predictionWidth({ problem: 'multiclass', bins })).toBe(3);
    expect(
      predictionWidth({ problem: 'binary', bins: planColumns(noFeatures, { values: new Float64Array(9) }) }),
    ).toBe(1);
  });
});

describe('bins of the calibration', () => {
  it('are as many as leave each class rows enough', () => {
    const certainties = Float64Array.from({ length: 6000 }, (_, index) => index / 6000);

    // 100 rows in each bin of each of 4 classes: 15 bins, and 2 ends; tails of 40 rows and more are halved.
    const edges = calibrationEdges(certainties, null, 4);
    expect(edges).toHaveLength(14 + 2 + 2 * 3);
  });

  const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 300 });

  it('ascend, are few, and never hold two decisions', () => {
    fc.assert(
      fc.property(scores, (some) => {
        const edges = calibrationEdges(Float64Array.from(some), 0.5);

        expect(edges).toEqual([...new Set(edges)].toSorted((a, b) => a - b));
        // 49 between quantiles, 2 ends, the threshold, and tails of no more than a few rows.
        expect(edges.length).toBeLessThanOrEqual(52);
        expect(edges).toContain(0.5);
      }),
    );
  });

  it('hold as many rows each but for the tails, which are halved, and none beyond the ends', () => {
    const edges = calibrationEdges(
      Float64Array.from({ length: 5000 }, (_, index) => (index / 5000) ** 2),
      null,
    );
    const rows = new Array<number>(edges.length + 1).fill(0);
    for (let index = 0; index < 5000; index += 1) {
      const bin = edgesUpTo(edges, (index / 5000) ** 2);
      rows[bin] = (rows[bin] ?? 0) + 1;
    }

    const tail = [0, 12, 13, 25, 50];
    expect(rows).toEqual([...tail, ...new Array<number>(48).fill(100), ...tail.toReversed()]);
  });
});

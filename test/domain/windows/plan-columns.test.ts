import { planColumns, predictionWidth } from '@tidemark/domain/windows/plan-columns.ts';
import { edgesUpTo } from '@tidemark/statistics/drift/edges-up-to.ts';
import { Profiler } from '@tidemark/statistics/profile/profiler.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

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

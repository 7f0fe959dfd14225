import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betweenWindows, meanOfBlocks } from '../../drift/between-windows.ts';
import { calibrationEdges } from '../../drift/calibration-edges.ts';
import { calibrationOf, judgeQuality, measureMetric } from '../../drift/judge-quality.ts';
import type { HoldoutBlock, QualityBaselineInput } from '../../drift/quality.schema.ts';
import { studentTail } from '../../drift/student.ts';
import type { BinaryPredictions } from '../../metrics/predictions.ts';
import { seededNormal, seededUniform } from '../../metrics/random.ts';

/** scipy.stats.t.sf */
const tails = [
  { t: 0, degreesOfFreedom: 5, tail: 0.5 },
  { t: 1, degreesOfFreedom: 1, tail: 0.25000000000000006 },
  { t: 2.5, degreesOfFreedom: 3, tail: 0.04385332350403278 },
  { t: 4.5, degreesOfFreedom: 7, tail: 0.0013991650389213158 },
  { t: -1.3, degreesOfFreedom: 12.5, tail: 0.8914689946828556 },
  { t: 30, degreesOfFreedom: 4, tail: 3.6764280488306595e-6 },
  { t: 3, degreesOfFreedom: 1000, tail: 0.0013833545221190963 },
  { t: 0.001, degreesOfFreedom: 3, tail: 0.49963244748473046 },
];

describe("Student's t", () => {
  it.each(tails)('has a tail of $tail above $t with $degreesOfFreedom', ({ t, degreesOfFreedom, tail }) => {
    expect(Math.abs(studentTail(t, degreesOfFreedom) / tail - 1)).toBeLessThan(1e-9);
  });

  it('falls in t, and both its tails are one', () => {
    const finite = fc.double({ min: -50, max: 50, noNaN: true });
    fc.assert(
      fc.property(finite, finite, fc.integer({ min: 1, max: 500 }), (a, b, degreesOfFreedom) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(studentTail(low, degreesOfFreedom)).toBeGreaterThanOrEqual(
          studentTail(high, degreesOfFreedom),
        );
        expect(studentTail(a, degreesOfFreedom) + studentTail(-a, degreesOfFreedom)).toBeCloseTo(1, 12);
      }),
    );
  });
});

const figure = fc.record({
  value: fc.double({ min: -5, max: 5, noNaN: true }),
  standardError: fc.double({ min: 0, max: 1, noNaN: true }),
  rows: fc.integer({ min: 1, max: 1000 }),
});
const group = fc.array(figure, { maxLength: 12 });

describe('the spread of windows', () => {
  it('does not depend on where a group lies, nor on the order of groups', () => {
    fc.assert(
      fc.property(group, group, fc.integer({ min: -3, max: 3 }), (first, second, shift) => {
        const moved = second.map((each) => ({ ...each, value: each.value + shift }));
        const [one, other] = [betweenWindows([first, second]), betweenWindows([moved, first])];
        expect(other?.degreesOfFreedom).toBe(one?.degreesOfFreedom);
        expect(other?.variance ?? 0).toBeCloseTo(one?.variance ?? 0, 9);
        expect(other?.sampling ?? 0).toBeCloseTo(one?.sampling ?? 0, 9);
      }),
    );
  });

  it('is not known of fewer than four windows', () => {
    const windows = [0, 1, 2, 3].map((value) => ({ value, standardError: 0.1, rows: 200 }));
    expect(betweenWindows([windows.slice(1)])).toBeUndefined();
    expect(meanOfBlocks(windows.slice(1))).toBeUndefined();
    expect(betweenWindows([windows])).toMatchObject({ variance: 5 / 3, degreesOfFreedom: 3 });
    expect(meanOfBlocks(windows)).toEqual({ value: 1.5, standardError: Math.sqrt(5 / 12), rows: 800 });
  });
});

const policy = { alpha: 0.0014, maximumDrop: 0.1, minimumLabels: 200, minimumRows: 200, seed: 1 };
const block = (value: number): HoldoutBlock => ({
  value,
  standardError: 0.01,
  rows: 2000,
  predictionCounts: null,
});
const baseline: QualityBaselineInput = {
  metric: 'auc',
  value: 0.75,
  standardError: 0.004,
  rows: 20_000,
  guess: 0.5,
};

/** Scores that tell as much as they say, but for a share of rows whose label has nothing to do with them. */
function binary(rows: number, seed: number, lost: number): BinaryPredictions {
  const [normal, uniform] = [seededNormal(seed), seededUniform(seed + 1)];
  const probabilities = Float64Array.from({ length: rows }, () => 1 / (1 + Math.exp(-normal())));
  const labels = probabilities.map((p) => (uniform() < (uniform() < lost ? 0.5 : p) ? 1 : 0));
  return { problem: 'binary', labels, probabilities };
}

describe('quality of a hold-out with days', () => {
  const labelled = binary(2000, 5, 0.4);

  it('is no worse on a day such as the hold-out had', () => {
    const spread = [0.6, 0.65, 0.7, 0.75, 0.8, 0.67, 0.72, 0.78].map(block);
    const alike = [0.749, 0.75, 0.751, 0.75, 0.752, 0.748, 0.75, 0.75].map(block);
    const alone = judgeQuality(baseline, { labelled }, policy);
    const among = judgeQuality({ ...baseline, blocks: spread }, { labelled }, policy);
    const amongAlike = judgeQuality({ ...baseline, blocks: alike }, { labelled }, policy);

    expect(alone).toMatchObject({ verdict: 'degraded', expected: { value: 0.75, blocks: 0 } });
    expect(alone.convention).toContain('rows independent');
    expect(among).toMatchObject({ verdict: 'healthy', expected: { blocks: 8 } });
    expect(among.convention).toContain('7 degrees of freedom');
    expect(among.sentence).toContain('on average in 8 stretches as long as a window');
    expect(amongAlike.verdict).toBe('degraded');
  });

  it('is compared with days and not with all of them together', () => {
    const days = [0.66, 0.67, 0.65, 0.66, 0.68, 0.64].map(block);
    const judged = judgeQuality({ ...baseline, blocks: days }, { labelled }, policy);

    expect(judged.expected.value).toBeCloseTo(0.66, 2);
    expect(judged.drop).toBeCloseTo(judged.expected.value - (judged.measured?.value ?? 0), 12);
    expect(judged.allowedDrop).toBeCloseTo(0.1 * (judged.expected.value - 0.5), 12);
  });

  it('is known better with every window', () => {
    const days = [0.72, 0.75, 0.78, 0.74, 0.76].map(block);
    const earlier = Array.from({ length: 30 }, (_, index) => block(0.75 + 0.01 * ((index % 3) - 1)));
    const few = judgeQuality({ ...baseline, blocks: days }, { labelled }, policy);
    const evidence = { labelled, earlier: { measured: earlier, estimated: [] } };
    const many = judgeQuality({ ...baseline, blocks: days }, evidence, policy);

    expect(many.p).toBeLessThan(few.p ?? 0);
    expect(many.convention).toContain('33 degrees of freedom');
    expect(many.expected).toMatchObject({ blocks: 5, earlierWindows: 30 });
  });
});

describe('an estimate of a hold-out with days', () => {
  const all = binary(8000, 21, 0);
  const calibration = calibrationOf(all, calibrationEdges(all.probabilities, 0.5));
  const measured = measureMetric('auc', all);
  if (!measured) throw new Error('It has both classes.');
  const predictionCounts = calibration.rows;
  /** Days that are scored alike, and of which labels showed this. */
  const days = (values: readonly number[]) => values.map((value) => ({ ...block(value), predictionCounts }));
  const estimateOf = (blocks: readonly HoldoutBlock[]) =>
    judgeQuality({ ...measured, guess: 0.5, calibration, blocks: [...blocks] }, { predictionCounts }, policy)
      .estimated;

  it('is as uncertain as labels have been around it, beyond their sampling', () => {
    const unaware = estimateOf([]);
    const wild = estimateOf(days([0.65, 0.85, 0.7, 0.8, 0.75, 0.75]));
    const calm = estimateOf(days([0.749, 0.75, 0.751, 0.75, 0.751, 0.749]));

    expect(unaware?.unforeseen).toBeNull();
    // The values' variance is 0.005, and each was sampled with an error of 0.01.
    expect(wild?.unforeseen).toBeCloseTo(Math.sqrt(0.005 - 0.0001), 6);
    expect(calm?.unforeseen).toBe(0);
    expect(wild?.standardError).toBeCloseTo(
      Math.hypot(unaware?.standardError ?? 0, wild?.unforeseen ?? 0),
      12,
    );
    expect(wild?.value).toBeCloseTo(0.75, 12);
  });

  it('is a loss only beyond what estimates of earlier windows differ by', () => {
    const first = estimateOf([]);
    if (!first) throw new Error('It can be estimated.');
    const errorAfter = (spread: number) => {
      const estimated = [-1, 0, 1, -1, 0, 1].map((sign) => ({
        ...first,
        value: first.value + sign * spread,
      }));
      const earlier = { measured: [], estimated };
      const evidence = { predictionCounts, earlier };
      return judgeQuality({ ...measured, guess: 0.5, calibration }, evidence, policy).estimated;
    };

    expect(first.degreesOfFreedom).toBeNull();
    expect(errorAfter(0)?.standardErrorOfDrop).toBeCloseTo(first.standardErrorOfDrop, 12);
    expect(errorAfter(0.05)).toMatchObject({ degreesOfFreedom: 5 });
    const between = 0.05 * Math.sqrt(4 / 5);
    expect(errorAfter(0.05)?.standardErrorOfDrop).toBeCloseTo(
      Math.hypot(first.standardErrorOfDrop, between),
      9,
    );
  });

  it('is none where the hold-out has too few such rows, and says how few', () => {
    const above = predictionCounts.map((_, bin) => (bin === predictionCounts.length - 1 ? 1000 : 0));
    const judged = judgeQuality(
      { ...measured, guess: 0.5, calibration },
      { predictionCounts: above },
      policy,
    );

    expect(judged).toMatchObject({ verdict: 'insufficient-data', basis: 'nothing', effectiveRows: 1 });
    expect(judged.sentence).toContain('the hold-out has too few like them (as many as 1 row)');
  });
});

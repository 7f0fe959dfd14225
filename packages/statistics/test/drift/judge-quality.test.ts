import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimatorOf } from '../../drift/estimator.ts';
import { isotonicMeans } from '../../drift/isotonic.ts';
import { calibrationOf, judgeQuality, measureMetric, reconcile } from '../../drift/judge-quality.ts';
import {
  type QualityBaseline,
  type QualityPolicyInput,
  qualityJudgementSchema,
} from '../../drift/quality.schema.ts';
import { metricOfScores } from '../../drift/score-metrics.ts';
import type { MetricName } from '../../metrics/metric-facts.ts';
import type { BinaryPredictions, Predictions, RegressionPredictions } from '../../metrics/predictions.ts';
import { seededNormal, seededUniform } from '../../metrics/random.ts';

const policy = {
  alpha: 0.0014,
  maximumDrop: 0.1,
  minimumLabels: 200,
  minimumRows: 200,
  seed: 3,
} as const satisfies QualityPolicyInput;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Probabilities that are too sure; `spread` scales the logits' scatter, `noise` is what the model gets wrong of them. */
function binary(rows: number, seed: number, { spread = 1.5, noise = 0 } = {}): BinaryPredictions {
  const normal = seededNormal(seed);
  const uniform = seededUniform(seed + 1_000_003);
  const labels = new Float64Array(rows);
  const probabilities = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const logit = spread * normal() - 1;
    labels[row] = uniform() < sigmoid(logit) ? 1 : 0;
    probabilities[row] = sigmoid(1.3 * logit + noise * normal());
  }
  return { problem: 'binary', labels, probabilities };
}

/** Errors grow with the number; numbers lie around `centre`. */
function regression(rows: number, seed: number, { centre = 10, noise = 1 } = {}): RegressionPredictions {
  const normal = seededNormal(seed);
  const values = Float64Array.from({ length: rows }, () => centre + 3 * normal());
  const labels = values.map((value) => value + noise * (0.5 + 0.1 * Math.abs(value)) * normal());
  return { problem: 'regression', labels, values };
}

const probabilityEdges = Array.from({ length: 39 }, (_, edge) => (edge + 1) / 40);
const valueEdges = Array.from({ length: 30 }, (_, edge) => edge);

function baselineOf(metric: MetricName, predictions: Predictions, guess: number): QualityBaseline {
  const measured = measureMetric(metric, predictions);
  if (!measured) throw new Error('The baseline has the metric.');
  const edges = predictions.problem === 'regression' ? valueEdges : probabilityEdges;
  const calibration = calibrationOf(predictions, edges);
  return { ...measured, guess, calibration, blocks: [] };
}

const countsOf = (predictions: Predictions) =>
  calibrationOf(predictions, predictions.problem === 'regression' ? valueEdges : probabilityEdges)?.rows ??
  [];

const aucBaseline = baselineOf('auc', binary(5000, 1), 0.5);

describe('quality by labels', () => {
  it('is healthy where nothing has changed', () => {
    const judged = judgeQuality(aucBaseline, { labelled: binary(1000, 2) }, policy);
    expect(judged).toMatchObject({ verdict: 'healthy', isClear: true, basis: 'measured' });
    expect(judged.measured?.rows).toBe(1000);
  });

  it.each([
    { metric: 'auc', guess: 0.5 },
    { metric: 'logLoss', guess: 0.63 },
    { metric: 'accuracy', guess: 0.68 },
    { metric: 'brier', guess: 0.22 },
  ] as const)('is degraded where the scores have lost their meaning: $metric', ({ metric, guess }) => {
    const baseline = baselineOf(metric, binary(5000, 1), guess);
    const judged = judgeQuality(baseline, { labelled: binary(1500, 2, { noise: 3 }) }, policy);
    expect(judged).toMatchObject({ verdict: 'degraded', isClear: false, basis: 'measured' });
    expect(judged.drop).toBeGreaterThan(judged.allowedDrop);
    expect(judged.sentence).toContain(metric);
  });

  it('lets go what is significant but less than may be lost', () => {
    const labelled = binary(20_000, 2, { noise: 1 });
    const judged = judgeQuality(aucBaseline, { labelled }, { ...policy, maximumDrop: 0.5 });
    expect(judged.p).toBeLessThan(policy.alpha);
    expect(judged).toMatchObject({ verdict: 'healthy', isClear: true });
  });

  it('knows the errors of a regression', () => {
    const baseline = baselineOf('rmse', regression(5000, 1), 3.5);
    const same = judgeQuality(baseline, { labelled: regression(500, 2) }, policy);
    const worse = judgeQuality(baseline, { labelled: regression(500, 2, { noise: 2 }) }, policy);
    expect(same.verdict).toBe('healthy');
    expect(worse.verdict).toBe('degraded');
  });

  it('says nothing of labels of a single class, and falls back on the estimate', () => {
    const { probabilities } = binary(500, 2);
    const labelled: BinaryPredictions = { problem: 'binary', labels: new Float64Array(500), probabilities };
    const predictionCounts = countsOf(binary(500, 2));
    expect(judgeQuality(aucBaseline, { labelled, predictionCounts }, policy).basis).toBe('estimated');
    expect(judgeQuality(aucBaseline, { labelled }, policy).verdict).toBe('insufficient-data');
  });

  // More than 13 of 500 at 0.01 has a probability below 0.001.
  it('calls degraded what is not no more often than alpha', () => {
    let alarms = 0;
    for (let window = 0; window < 500; window += 1) {
      const labelled = binary(250, 10 + window, { spread: 1.2 });
      const baseline = baselineOf('auc', binary(2500, 5000 + window, { spread: 1.2 }), 0.5);
      const judged = judgeQuality(baseline, { labelled }, { ...policy, alpha: 0.01, maximumDrop: 0 });
      if (judged.verdict === 'degraded') alarms += 1;
    }
    expect(alarms).toBeLessThanOrEqual(13);
  });
});

describe('quality without labels', () => {
  it('needs labels where there is no calibration', () => {
    const { calibration: _, ...uncalibrated } = aucBaseline;
    const judged = judgeQuality(uncalibrated, { predictionCounts: countsOf(binary(1000, 2)) }, policy);
    expect(judged).toMatchObject({ verdict: 'insufficient-data', isClear: false, basis: 'nothing' });
    expect(judged.sentence).toContain('Too few labels');
  });

  it('does not estimate from fewer predictions than a window needs', () => {
    const judged = judgeQuality(aucBaseline, { predictionCounts: countsOf(binary(150, 2)) }, policy);
    expect(judged.verdict).toBe('insufficient-data');
  });

  it.each(['auc', 'accuracy', 'logLoss', 'brier', 'f1'] as const)(
    'is estimated near what labels then show, though the scores have moved: %s',
    (metric) => {
      const baseline = baselineOf(metric, binary(20_000, 1), 0.5);
      const window = binary(4000, 2, { spread: 0.7 });
      const { estimated, measured, reconciliation } = judgeQuality(
        baseline,
        { labelled: window, predictionCounts: countsOf(window) },
        policy,
      );
      if (!estimated || !measured) throw new Error('Both can be computed.');
      expect(Math.abs(reconciliation?.standardErrors ?? Number.NaN)).toBeLessThan(3.5);
      // The move itself is larger than the error, or the test would hold for an estimate that never moves.
      if (metric !== 'f1') {
        expect(Math.abs(measured.value - baseline.value)).toBeGreaterThan(
          Math.abs(reconciliation?.error ?? 1),
        );
      }
    },
  );

  it('is degraded where predictions move to where the model is worse', () => {
    const baseline = baselineOf('accuracy', binary(20_000, 1), 0.68);
    const window = binary(5000, 2, { spread: 0.3 });
    const judged = judgeQuality(baseline, { predictionCounts: countsOf(window) }, policy);
    expect(judged).toMatchObject({ verdict: 'degraded', basis: 'estimated' });
    expect(judged.sentence).toContain('estimated from 5,000 predictions without labels');
  });

  it('knows larger errors of larger numbers', () => {
    const baseline = baselineOf('rmse', regression(20_000, 1), 3.5);
    const window = regression(4000, 2, { centre: 14 });
    const { estimated } = judgeQuality(baseline, { predictionCounts: countsOf(window) }, policy);
    const truth = measureMetric('rmse', window);
    expect(Math.abs((estimated?.value ?? 0) - (truth?.value ?? 0))).toBeLessThan(0.06);
    expect((estimated?.value ?? 0) - baseline.value).toBeGreaterThan(0.3);
  });

  it('is the baseline for the very predictions of the baseline', () => {
    const judged = judgeQuality(
      aucBaseline,
      { predictionCounts: aucBaseline.calibration?.rows ?? [] },
      policy,
    );
    expect(judged.estimated?.value).toBeCloseTo(aucBaseline.value, 12);
    expect(judged.drop).toBeCloseTo(0, 12);
  });
});

describe('a judgement of quality', () => {
  it('is the same again from what is stored', () => {
    const labelled = binary(400, 2);
    const evidence = { labelled, predictionCounts: countsOf(labelled) };
    const judged = judgeQuality(aucBaseline, evidence, policy);
    expect(qualityJudgementSchema.parse(JSON.parse(JSON.stringify(judged)))).toEqual(judged);
    expect(judgeQuality(aucBaseline, evidence, judged.policy)).toEqual(judged);
  });

  it('refuses a metric that is not one of the problem', () => {
    expect(() =>
      judgeQuality({ ...aucBaseline, metric: 'rmse' }, { labelled: binary(300, 2) }, policy),
    ).toThrow(/rmse is not one of a binary model/);
  });
});

describe('reconciliation', () => {
  it('says how far the estimate was off, in its unit and in standard errors', () => {
    const estimated = {
      metric: 'auc',
      value: 0.8,
      low: 0.76,
      high: 0.84,
      rows: 500,
      standardError: 0.02,
      standardErrorOfDrop: 0.01,
      degreesOfFreedom: null,
      unforeseen: null,
      expected: 0.8,
      effectiveRows: 500,
      convention: '',
    };
    const measured = { metric: 'auc', value: 0.75, standardError: 0.015, rows: 300 };
    const { error, standardErrors, withinInterval } = reconcile(estimated, measured);
    expect(error).toBeCloseTo(0.05, 12);
    expect(standardErrors).toBeCloseTo(2, 12);
    expect(withinInterval).toBe(false);
  });
});

describe('isotonic means', () => {
  const bins = fc.array(fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 20 })), { minLength: 1, maxLength: 20 });

  it('never fall, keep the total, and leave alone what does not fall', () => {
    fc.assert(
      fc.property(bins, (pairs) => {
        const weights = pairs.map(([weight]) => weight);
        fc.pre(weights.some((weight) => weight > 0));
        const sums = pairs.map(([weight, each]) => (weight * each) / 20);
        const means = isotonicMeans(sums, weights);
        means.slice(1).forEach((mean, bin) => {
          expect(mean).toBeGreaterThanOrEqual((means[bin] ?? 0) - 1e-12);
        });
        const total = means.reduce((sum, mean, bin) => sum + mean * (weights[bin] ?? 0), 0);
        expect(total).toBeCloseTo(
          sums.reduce((sum, each) => sum + each, 0),
          9,
        );
        const again = isotonicMeans(
          means.map((mean, bin) => mean * (weights[bin] ?? 0)),
          weights,
        );
        again.forEach((mean, bin) => {
          expect(mean).toBeCloseTo(means[bin] ?? 0, 9);
        });
      }),
    );
  });

  it('give an empty bin the mean of a neighbour', () => {
    expect(isotonicMeans([0, 1, 0, 4], [0, 2, 0, 4])).toEqual([0.5, 0.5, 0.5, 1]);
  });
});

describe('metrics of scores', () => {
  it('are those of the rows where each bin holds one score', () => {
    const predictions = binary(300, 4);
    const order = Array.from(predictions.labels.keys()).sort(
      (a, b) => (predictions.probabilities[a] ?? 0) - (predictions.probabilities[b] ?? 0),
    );
    const bins = order.map((row) => {
      const score = predictions.probabilities[row] ?? 0;
      return { rows: 1, positiveShare: predictions.labels[row] ?? 0, score, isYes: score >= 0.5 };
    });
    for (const metric of ['auc', 'accuracy', 'precision', 'recall', 'f1', 'logLoss', 'brier'] as const) {
      expect(metricOfScores(metric, bins)).toBeCloseTo(
        measureMetric(metric, predictions)?.value ?? Number.NaN,
        10,
      );
    }
  });

  it('do not exist without rows, and of the calibration error not at all', () => {
    expect(metricOfScores('accuracy', [])).toBeUndefined();
    const calibration = calibrationOf(binary(300, 4), probabilityEdges);
    if (!calibration) throw new Error('A binary model has one.');
    expect(estimatorOf(calibration).expected('calibrationError', calibration.rows)).toBeUndefined();
  });
});

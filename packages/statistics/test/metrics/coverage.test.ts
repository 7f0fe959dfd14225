import { describe, expect, it } from 'vitest';
import { compare } from '../../metrics/comparison.ts';
import { measure } from '../../metrics/measure.ts';
import type { MetricName } from '../../metrics/metric-facts.ts';
import type { Predictions } from '../../metrics/predictions.ts';
import { seededNormal, seededUniform } from '../../metrics/random.ts';
import { binary, regression } from './oracles/oracles.ts';

/**
 * Does an interval at 0.95 hold the truth 95 times in 100? Data are drawn many times from a known population; the truth is
 * the metric over a sample so large that its own error does not matter. With 600 repetitions a coverage of 0.95 is
 * observed with a standard error of 0.009: outside 0.92 to 0.98 is three of those away.
 */
const repetitions = 600;
const rows = 400;
const populationRows = 400_000;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

type Draw = (count: number) => { first: Predictions; second: Predictions };

/** Logistic truth; the first model is close to it and slightly overconfident, the second noisier. */
function binaryPopulation(seed: number): Draw {
  const normal = seededNormal(seed);
  const uniform = seededUniform(seed + 1);
  return (count) => {
    const labels: number[] = [];
    const first: number[] = [];
    const second: number[] = [];
    for (let row = 0; row < count; row += 1) {
      const logit = normal();
      labels.push(uniform() < sigmoid(logit) ? 1 : 0);
      first.push(sigmoid(1.3 * logit + 0.4 * normal()));
      second.push(sigmoid(logit + 0.8 * normal()));
    }
    return { first: binary(labels, first), second: binary(labels, second) };
  };
}

/** Truths keep away from 0, around which the mean of |error / truth| does not exist. */
function regressionPopulation(seed: number): Draw {
  const normal = seededNormal(seed);
  return (count) => {
    const labels: number[] = [];
    const first: number[] = [];
    const second: number[] = [];
    for (let row = 0; row < count; row += 1) {
      const truth = 10 * Math.exp(0.3 * normal());
      labels.push(truth);
      first.push(truth + normal());
      second.push(truth + 0.2 + 1.3 * normal());
    }
    return { first: regression(labels, first), second: regression(labels, second) };
  };
}

/** Three classes; the model is right more often than not. */
function multiclassPopulation(seed: number): Draw {
  const uniform = seededUniform(seed);
  const draw = (count: number): Predictions => {
    const labels = new Float64Array(count);
    const probabilities = new Float64Array(count * 3);
    for (let row = 0; row < count; row += 1) {
      const truth = Math.min(Math.floor(uniform() ** 1.5 * 3), 2);
      const weights = [0, 1, 2].map((label) => uniform() + (label === truth ? 0.6 : 0));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      labels[row] = truth;
      weights.forEach((weight, label) => {
        probabilities[row * 3 + label] = weight / total;
      });
    }
    return { problem: 'multiclass', labels, classes: 3, probabilities };
  };
  return (count) => ({ first: draw(count), second: draw(count) });
}

function coverage(draw: Draw): Map<MetricName, number> {
  const truth = measure(draw(populationRows).first);
  const held = new Map<MetricName, number>();
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const measured = measure(draw(rows).first);
    for (const [name, estimate] of Object.entries(measured)) {
      const metric = name as MetricName;
      const value = truth[metric]?.value ?? Number.NaN;
      const holds = estimate.low <= value && value <= estimate.high;
      held.set(metric, (held.get(metric) ?? 0) + (holds ? 1 / repetitions : 0));
    }
  }
  return held;
}

describe('intervals at 0.95 hold the truth about 95 times in 100', () => {
  it.each([
    ['binary', binaryPopulation(11)],
    ['multiclass', multiclassPopulation(12)],
    ['regression', regressionPopulation(13)],
  ] as const)('%s', (_, draw) => {
    for (const [metric, share] of coverage(draw)) {
      if (metric === 'calibrationError') {
        // Conservative by construction: it may cover more, never less.
        expect(share, metric).toBeGreaterThan(0.92);
      } else {
        expect(share, metric).toBeGreaterThan(0.92);
        expect(share, metric).toBeLessThan(0.98);
      }
    }
  });

  it('covers a calibration error of 0, which a bootstrap never does', () => {
    const normal = seededNormal(14);
    const uniform = seededUniform(15);
    let held = 0;
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      const probabilities = Array.from({ length: rows }, () => sigmoid(normal()));
      const labels = probabilities.map((probability) => (uniform() < probability ? 1 : 0));
      if (measure(binary(labels, probabilities)).calibrationError?.low === 0) held += 1 / repetitions;
    }

    expect(held).toBeGreaterThan(0.92);
  });
});

describe('the one-sided bound of a paired comparison lies below the truth about 95 times in 100', () => {
  it.each([
    ['binary', binaryPopulation(21), ['auc', 'logLoss', 'brier', 'accuracy', 'precision', 'recall', 'f1']],
    ['regression', regressionPopulation(22), ['rmse', 'mae', 'r2', 'mape']],
  ] as const)('%s', (_, draw, metrics) => {
    const population = draw(populationRows);
    const truths = metrics.map((metric) => compare(metric, population.first, population.second, 0.95)?.value);
    const held = new Map<MetricName, number>();
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      const { first, second } = draw(rows);
      for (const [index, metric] of metrics.entries()) {
        const bound = compare(metric, first, second, 0.95)?.atLeast ?? Number.NaN;
        const holds = bound <= (truths[index] ?? Number.NaN);
        held.set(metric, (held.get(metric) ?? 0) + (holds ? 1 / repetitions : 0));
      }
    }

    for (const [metric, share] of held) {
      expect(share, metric).toBeGreaterThan(0.92);
      expect(share, metric).toBeLessThan(0.98);
    }
  });
});

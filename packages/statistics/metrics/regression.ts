import { normalInterval } from './interval.ts';
import type { Metric } from './metric.ts';
import { type MetricNameOf, metricFacts } from './metric-facts.ts';
import { moments } from './moments.ts';
import { complementOf, meanOf, ratioOf, rootOf, standardErrorOf } from './pointwise.ts';
import type { RegressionPredictions } from './predictions.ts';

/** Predictions of a regression model that are nearly one number. */
export interface ErrorBin {
  readonly rows: number;
  /** Mean of |error| and of error^2. */
  readonly absolute: number;
  readonly squared: number;
}

/** The metrics of a regression model. R2 is undefined for a constant target, MAPE for one that is all 0. */
export const regressionMetrics: Readonly<
  Record<MetricNameOf<'regression'>, Metric<RegressionPredictions, readonly ErrorBin[]>>
> = {
  rmse: of('rmse', {
    pointwise: (predictions) => rootOf(meanOf(squares(errorsOf(predictions)))),
    ofCounts(bins) {
      const squared = expectedMean(bins, (bin) => bin.squared);
      return squared === undefined ? undefined : Math.sqrt(squared);
    },
  }),
  mae: of('mae', {
    pointwise: (predictions) => meanOf(errorsOf(predictions).map(Math.abs)),
    ofCounts: (bins) => expectedMean(bins, (bin) => bin.absolute),
  }),
  r2: of('r2', {
    pointwise(predictions) {
      const { labels } = predictions;
      const { mean } = moments(labels);
      const unexplained = ratioOf(
        squares(errorsOf(predictions)),
        squares(labels.map((label) => label - mean)),
      );
      return unexplained && complementOf(unexplained);
    },
    ofCounts: null,
  }),
  mape: of('mape', {
    pointwise: (predictions) =>
      ratioOf(
        errorsOf(predictions).map((error, row) => {
          const label = predictions.labels[row];
          return label ? Math.abs(error / label) : 0;
        }),
        predictions.labels.map((label) => (label === 0 ? 0 : 1)),
      ),
    ofCounts: null,
  }),
};

type RegressionMetric = Metric<RegressionPredictions, readonly ErrorBin[]>;

/** A metric whose interval is that of its influence per row. */
function of(
  name: MetricNameOf<'regression'>,
  {
    pointwise,
    ofCounts,
  }: {
    readonly pointwise: NonNullable<RegressionMetric['pointwise']>;
    readonly ofCounts: RegressionMetric['ofCounts'];
  },
): RegressionMetric {
  return {
    measure(predictions) {
      const measured = pointwise(predictions);
      return (
        measured && normalInterval(measured.value, standardErrorOf(measured), metricFacts.regression[name])
      );
    },
    pointwise,
    paired: null,
    ofCounts,
  };
}

function errorsOf({ labels, values }: RegressionPredictions): Float64Array {
  return values.map((value, row) => value - (labels[row] ?? 0));
}

function expectedMean(bins: readonly ErrorBin[], value: (bin: ErrorBin) => number): number | undefined {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  return rows === 0 ? undefined : bins.reduce((sum, bin) => sum + bin.rows * value(bin), 0) / rows;
}

/** Rows that MAPE leaves out, because a share of 0 is undefined. */
export function rowsWithoutMape({ labels }: RegressionPredictions): number {
  return labels.reduce((count, label) => count + (label === 0 ? 1 : 0), 0);
}

function squares(values: Float64Array): Float64Array {
  return values.map((value) => value * value);
}

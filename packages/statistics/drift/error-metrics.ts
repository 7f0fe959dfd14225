import type { MetricName } from '../metrics/metric.ts';

/** Predictions of a regression model that are nearly one number. */
export interface ErrorBin {
  readonly rows: number;
  /** Mean of |error| and of error^2. */
  readonly absolute: number;
  readonly squared: number;
}

/** A metric of predictions whose mean errors in each bin are known, or expected; `undefined` for any but RMSE and MAE. */
export function metricOfErrors(metric: MetricName, bins: readonly ErrorBin[]): number | undefined {
  const total = bins.reduce((sum, { rows }) => sum + rows, 0);
  if (total === 0) return undefined;
  const meanOf = (value: (bin: ErrorBin) => number) =>
    bins.reduce((sum, bin) => sum + bin.rows * value(bin), 0) / total;
  switch (metric) {
    case 'rmse':
      return Math.sqrt(meanOf(({ squared }) => squared));
    case 'mae':
      return meanOf(({ absolute }) => absolute);
    default:
      return undefined;
  }
}

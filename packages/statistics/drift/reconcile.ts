import type { EstimatedMetric, MeasuredMetric, Reconciliation } from './quality.schema.ts';

/** How an estimate did, once labels are in. */
export function reconcile(estimated: EstimatedMetric, measured: MeasuredMetric): Reconciliation {
  const error = estimated.value - measured.value;
  const standardError = Math.hypot(estimated.standardError, measured.standardError);
  return {
    metric: measured.metric,
    estimated: estimated.value,
    measured: measured.value,
    error,
    ...(standardError > 0 && { standardErrors: error / standardError }),
    withinInterval: measured.value >= estimated.low && measured.value <= estimated.high,
  };
}

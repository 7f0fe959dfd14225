import { InvariantError } from '../errors.ts';
import type { MetricName } from '../metrics/metric.ts';
import type { Predictions } from '../metrics/predictions.ts';
import type {
  Calibration,
  EstimatedMetric,
  MeasuredMetric,
  QualityBaseline,
  QualityJudgement,
  QualityPolicyInput,
  Reconciliation,
} from './quality.schema.ts';

/** What is known of a window's quality. */
export interface QualityEvidence {
  /** Predictions whose labels have arrived, in the problem's form. */
  readonly labelled?: Predictions;
  /** Rows by bin of the prediction, on the calibration's edges, of all predictions of the window. */
  readonly predictionCounts?: readonly number[];
}

/** A metric with its standard error; `undefined` where the rows do not allow it. Rows must not be empty. */
export function measureMetric(_metric: MetricName, _predictions: Predictions): MeasuredMetric | undefined {
  throw new InvariantError('Not written yet.');
}

/** Counts the hold-out's predictions by bin, to estimate later quality without labels; `undefined` for multiclass. */
export function calibrationOf(_predictions: Predictions, _edges: readonly number[]): Calibration | undefined {
  throw new InvariantError('Not written yet.');
}

/** Whether the model still predicts as well as when it was judged: by labels if there are enough, otherwise by its scores. */
export function judgeQuality(
  _baseline: QualityBaseline,
  _evidence: QualityEvidence,
  _policy: QualityPolicyInput,
): QualityJudgement {
  throw new InvariantError('Not written yet.');
}

/** How an estimate did, once labels are in. */
export function reconcile(_estimated: EstimatedMetric, _measured: MeasuredMetric): Reconciliation {
  throw new InvariantError('Not written yet.');
}

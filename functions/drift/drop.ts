import type { MetricFacts } from '../definition/metric-facts.ts';
import { normalTail } from './gamma.ts';
import type { EstimatedMetric, MeasuredMetric } from './quality.schema.ts';

/** How much worse a metric has become, in its unit, and how probable that is if nothing has been lost. */
export interface Drop {
  readonly drop: number;
  readonly p: number;
  readonly convention: string;
}

/**
 * Compares two independent measurements of one metric. Few labels misjudge their own error, and too small an error is a false
 * alarm: so it counts as at least what the baseline's error is at as many rows.
 */
export function dropFromMeasurement(
  baseline: MeasuredMetric,
  measured: MeasuredMetric,
  facts: MetricFacts,
): Drop {
  const drop = worsening(baseline.value, measured.value, facts);
  if (facts.lowest === 0 && facts.highest === 1) {
    const [before, now] = [onLogitScale(baseline), onLogitScale(measured)];
    const worsened = worsening(before.value, now.value, facts);
    return {
      drop,
      p: oneSided(worsened, errorOfDifference(before, now)),
      convention: `${ofLogits}, ${errors}`,
    };
  }
  return {
    drop,
    p: oneSided(drop, errorOfDifference(baseline, measured)),
    convention: `${ofValues}, ${errors}`,
  };
}

const ofLogits = 'one-sided z-test of the difference of logits (delta method)';
const ofValues = 'one-sided z-test of the difference';
const errors = "standard errors unpooled, the window's at least the baseline's at as many rows";

type Measurement = Pick<MeasuredMetric, 'value' | 'standardError' | 'rows'>;

function errorOfDifference(baseline: Measurement, measured: Measurement): number {
  const atAsManyRows = baseline.standardError * Math.sqrt(baseline.rows / Math.max(1, measured.rows));
  return Math.hypot(baseline.standardError, Math.max(measured.standardError, atAsManyRows));
}

/** The estimate was made from the baseline, so the standard error of their difference is its own. */
export function dropFromEstimate(
  baseline: MeasuredMetric,
  estimated: EstimatedMetric,
  facts: MetricFacts,
): Drop {
  const drop = worsening(baseline.value, estimated.value, facts);
  return {
    drop,
    p: oneSided(drop, estimated.standardErrorOfDrop),
    convention: 'one-sided z-test of the estimated difference, standard error by resampling',
  };
}

function worsening(before: number, now: number, { better }: MetricFacts): number {
  // Adding 0 turns -0 into 0.
  return (better === 'higher' ? before - now : now - before) + 0;
}

/** Without any error known, a drop is as certain as no drop: what cannot be told is not called degraded. */
function oneSided(drop: number, standardError: number): number {
  return standardError > 0 ? normalTail(drop / standardError) : 1;
}

/** Metrics from 0 to 1 come near an end, where their errors are skewed; their logits' errors are not. */
function onLogitScale({ value, standardError, rows }: Measurement): Measurement {
  // Half a row from an end is as near as so many rows can tell.
  const margin = 0.5 / Math.max(1, rows);
  const inside = Math.min(1 - margin, Math.max(margin, value));
  return {
    value: Math.log(inside / (1 - inside)),
    standardError: standardError / (inside * (1 - inside)),
    rows,
  };
}

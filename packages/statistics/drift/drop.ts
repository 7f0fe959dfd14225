import type { MetricFacts } from '../metrics/metric-facts.ts';
import { betweenWindows, meanOfBlocks } from './between-windows.ts';
import { normalTail } from './gamma.ts';
import { type MetricScale, metricScale } from './metric-scale.ts';
import type { EstimatedMetric, MeasuredMetric, Measurement } from './quality.schema.ts';
import { studentTail } from './student.ts';

/** How much worse a metric is than expected, in its unit, and how probable that is if nothing has been lost. */
export interface Drop {
  readonly expected: number;
  readonly drop: number;
  readonly p: number;
  /** Of how much windows differ; `null` where that is not known. */
  readonly degreesOfFreedom: number | null;
  readonly convention: string;
}

/** What a window's measurement is compared with. */
export interface Comparison {
  /** The whole hold-out. */
  readonly baseline: Measurement;
  /** Stretches of it as long as a window. */
  readonly blocks: readonly Measurement[];
  /** Earlier windows of the same version. */
  readonly earlier: readonly Measurement[];
}

/**
 * Compares a window's measurement with the mean of the hold-out's blocks: like with like, as a metric of many days together is not
 * the mean of those of the days. Without blocks it is the hold-out as a whole.
 *
 * Where at least a few windows say how much windows differ, this is the t-test of a further one of them (the prediction interval of a
 * normal sample). Otherwise rows count as independent, and the normal test knows of sampling only.
 */
export function dropFromMeasurement(
  { baseline, blocks, earlier }: Comparison,
  measured: MeasuredMetric,
  facts: MetricFacts,
): Drop {
  const scale = metricScale(facts);
  const ofBlocks = blocks.map(scale.to);
  const whole = scale.to(baseline);
  const mean = meanOfBlocks(ofBlocks);
  const reference = mean ?? whole;
  const now = scale.to(measured);
  const sampling = Math.max(now.standardError, errorAtAsManyRows(whole, now)) ** 2;
  const between = betweenWindows([ofBlocks, earlier.map(scale.to)]);
  const expected = mean ? scale.from(mean.value) : baseline.value;
  const found = { expected, drop: worsening(expected, measured.value, facts) };
  const worsened = worsening(reference.value, now.value, facts);
  if (!between) {
    const standardError = Math.hypot(reference.standardError, Math.sqrt(sampling));
    const p = oneSided(worsened, standardError, null);
    return { ...found, p, degreesOfFreedom: null, convention: ofSampling(scale) };
  }
  // Blocks sample as many rows as they have. A window that has fewer varies more by as much as that is.
  const ofWindow = between.variance + Math.max(0, sampling - between.sampling);
  const ofReference = mean ? between.variance / ofBlocks.length : whole.standardError ** 2;
  const { degreesOfFreedom } = between;
  const p = oneSided(worsened, Math.sqrt(ofWindow + ofReference), degreesOfFreedom);
  return { ...found, p, degreesOfFreedom, convention: ofFurther(scale, degreesOfFreedom) };
}

const ofSampling = ({ name }: MetricScale) =>
  `one-sided z-test of the difference of ${name}, rows independent: how much windows differ is not known; ${errors}`;
const ofFurther = ({ name }: MetricScale, degreesOfFreedom: number) =>
  `one-sided t-test of a further window, on ${name}, ${degreesOfFreedom} degrees of freedom; ${errors}`;
const errors = "standard errors unpooled, the window's at least the baseline's at as many rows";

/** Few labels misjudge their own error, and too small an error is a false alarm. */
function errorAtAsManyRows(baseline: Measurement, { rows }: Measurement): number {
  return baseline.standardError * Math.sqrt(baseline.rows / Math.max(1, rows));
}

/** The estimate was made from the hold-out, so the standard error of their difference is its own. */
export function dropFromEstimate(estimated: EstimatedMetric, facts: MetricFacts): Drop {
  const { expected, value, standardErrorOfDrop, degreesOfFreedom } = estimated;
  const drop = worsening(expected, value, facts);
  return {
    expected,
    drop,
    p: oneSided(drop, standardErrorOfDrop, degreesOfFreedom),
    degreesOfFreedom,
    convention:
      degreesOfFreedom === null
        ? 'one-sided z-test of the estimated difference, standard error by resampling'
        : `one-sided t-test of a further window's estimate, ${degreesOfFreedom} degrees of freedom, with the resampling's error`,
  };
}

function worsening(before: number, now: number, { better }: MetricFacts): number {
  // Adding 0 turns -0 into 0.
  return (better === 'higher' ? before - now : now - before) + 0;
}

/** Without any error known, a drop is as certain as no drop: what cannot be told is not called degraded. */
function oneSided(drop: number, standardError: number, degreesOfFreedom: number | null): number {
  if (!(standardError > 0)) return 1;
  const deviations = drop / standardError;
  return degreesOfFreedom === null ? normalTail(deviations) : studentTail(deviations, degreesOfFreedom);
}

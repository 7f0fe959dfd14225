import type { AlarmConfiguration } from './alarm.schema.ts';
import type { Datapoint } from './datapoints.ts';
import { statisticNamed } from './statistics.ts';

const daySeconds = 86_400;

/** An alarm on one metric: the only ones that are evaluated. */
export interface MetricAlarm {
  readonly configuration: AlarmConfiguration;
  readonly periodMilliseconds: number;
  readonly statistic: string;
  /** How many periods are looked at. CloudWatch looks at more than it judges and does not say how many more; in its examples, two. */
  readonly periods: number;
  /** Between two evaluations: ten seconds for shorter periods than a minute, an hour for windows of more than a day. */
  readonly stepMilliseconds: number;
}

/** The metric alarm that a configuration describes; `undefined` for metric math. */
export function metricAlarmOf(configuration: AlarmConfiguration): MetricAlarm | undefined {
  const { Period, Statistic, ExtendedStatistic, EvaluationPeriods } = configuration;
  const statistic = Statistic ?? ExtendedStatistic;
  if (Period === undefined || statistic === undefined) return undefined;
  const usual = Period < 60 ? 10 : 60;
  return {
    configuration,
    periodMilliseconds: Period * 1000,
    statistic,
    periods: EvaluationPeriods + 2,
    stepMilliseconds: (Period * EvaluationPeriods > daySeconds ? 3600 : usual) * 1000,
  };
}

/** A period with what its datapoints come to. */
export interface EvaluatedPeriod {
  /** Milliseconds since the epoch. */
  readonly start: number;
  /** `undefined` when there are no data. */
  readonly value: number | undefined;
  readonly sampleCount: number;
}

/**
 * The periods of an evaluation, oldest first. The latest ends at the moment of the evaluation: periods slide, they do not stand on the clock's
 * own hours.
 */
export function evaluatedPeriods(
  { configuration, periodMilliseconds, statistic, periods }: MetricAlarm,
  datapoints: readonly Datapoint[],
  at: number,
): EvaluatedPeriod[] {
  const compute = statisticNamed(statistic);
  const { Unit } = configuration;
  return Array.from({ length: periods }, (_, index) => {
    const start = at - (periods - index) * periodMilliseconds;
    const within = datapoints.filter(
      (datapoint) =>
        datapoint.at >= start &&
        datapoint.at < start + periodMilliseconds &&
        (Unit === undefined || datapoint.unit === Unit),
    );
    const sampleCount = within.reduce((sum, datapoint) => sum + datapoint.sampleCount, 0);
    return { start, value: compute?.(within), sampleCount };
  });
}

/** The first evaluation after a moment. */
export function evaluationAfter({ stepMilliseconds }: MetricAlarm, moment: number): number {
  return (Math.floor(moment / stepMilliseconds) + 1) * stepMilliseconds;
}

/** The first evaluation after `at` for which a datapoint lies in another period; in between, evaluations come to the same. */
export function nextChange(
  alarm: MetricAlarm,
  datapoints: readonly Datapoint[],
  at: number,
): number | undefined {
  const moments = datapoints.flatMap((datapoint) =>
    Array.from({ length: alarm.periods + 1 }, (_, index) =>
      evaluationAfter(alarm, datapoint.at + index * alarm.periodMilliseconds),
    ),
  );
  const next = Math.min(...moments.filter((moment) => moment > at));
  return Number.isFinite(next) ? next : undefined;
}

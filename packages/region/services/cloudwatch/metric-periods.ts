import type { CloudWatchState } from './cloudwatch-state.ts';
import type { Datapoint, MetricIdentity } from './datapoints.ts';
import { statisticNamed } from './statistics.ts';

const minuteMilliseconds = 60_000;

export interface PeriodRange {
  /** Seconds since 1970. */
  readonly StartTime: number;
  /** Seconds since 1970; not included. */
  readonly EndTime: number;
  /** Seconds. */
  readonly Period: number;
  readonly Unit?: string | undefined;
}

export interface MetricPeriod {
  /** Milliseconds since 1970. */
  readonly start: number;
  /** Of the first datapoint. */
  readonly unit: string;
  /** `undefined` for a statistic that is not served, and for percentiles of data that came summed up. */
  statistic(name: string): number | undefined;
}

/** The periods of a metric that have data, oldest first. They begin at the whole minute of the start. */
export async function metricPeriods(
  state: CloudWatchState,
  metric: MetricIdentity,
  { StartTime, EndTime, Period, Unit }: PeriodRange,
): Promise<MetricPeriod[]> {
  const begin = Math.floor((StartTime * 1000) / minuteMilliseconds) * minuteMilliseconds;
  const groups = new Map<number, Datapoint[]>();
  for (const datapoint of await state.datapoints.between(metric, begin, EndTime * 1000)) {
    if (Unit !== undefined && datapoint.unit !== Unit) continue;
    const start = begin + Math.floor((datapoint.at - begin) / (Period * 1000)) * Period * 1000;
    groups.set(start, [...(groups.get(start) ?? []), datapoint]);
  }
  return [...groups].map(([start, datapoints]) => ({
    start,
    unit: datapoints[0]?.unit ?? 'None',
    statistic: (name) => statisticNamed(name)?.(datapoints),
  }));
}

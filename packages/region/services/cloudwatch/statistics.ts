import type { Datapoint } from './datapoints.ts';

/** What CloudWatch makes of the datapoints of a period. */
export type Statistic = (datapoints: readonly Datapoint[]) => number | undefined;

const sum = (datapoints: readonly Datapoint[], member: 'sum' | 'sampleCount'): number =>
  datapoints.reduce((total, datapoint) => total + datapoint[member], 0);

const simple: Readonly<Record<string, Statistic>> = {
  SampleCount: (datapoints) => sum(datapoints, 'sampleCount'),
  Sum: (datapoints) => sum(datapoints, 'sum'),
  Average: (datapoints) => sum(datapoints, 'sum') / sum(datapoints, 'sampleCount'),
  Minimum: (datapoints) => Math.min(...datapoints.map(({ minimum }) => minimum)),
  Maximum: (datapoints) => Math.max(...datapoints.map(({ maximum }) => maximum)),
};

/**
 * A statistic by its name: the five simple ones, or a percentile such as `p90` or `p99.9`. Without datapoints, a statistic has no value.
 * @returns undefined for one that is not served
 */
export function statisticNamed(name: string): Statistic | undefined {
  const statistic = Object.hasOwn(simple, name) ? simple[name] : percentileNamed(name);
  return statistic && ((datapoints) => (datapoints.length === 0 ? undefined : statistic(datapoints)));
}

function percentileNamed(name: string): Statistic | undefined {
  const percent = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name)?.[1];
  return percent === undefined ? undefined : (datapoints) => percentile(datapoints, Number(percent) / 100);
}

/**
 * The smallest value that at least this part of the samples does not exceed (nearest rank). Datapoints that came summed up have no single
 * values, and CloudWatch has no percentile of them either, unless they are of one value.
 */
function percentile(datapoints: readonly Datapoint[], part: number): number | undefined {
  const samples = datapoints.flatMap(({ values, minimum, maximum, sampleCount }) =>
    values.length === 0 && minimum === maximum ? [{ value: minimum, count: sampleCount }] : values,
  );
  const total = samples.reduce((count, sample) => count + sample.count, 0);
  if (total !== sum(datapoints, 'sampleCount')) return undefined;
  let seen = 0;
  return samples
    .sort((one, other) => one.value - other.value)
    .find(({ count }) => {
      seen += count;
      return seen >= part * total;
    })?.value;
}

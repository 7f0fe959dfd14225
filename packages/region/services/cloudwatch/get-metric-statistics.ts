import * as z from 'zod';
import { AwsError, unsupported } from '../../aws-error.ts';
import { checkedOperation } from '../../gateway/parse-input.ts';
import { dimensionsSchema, metricPeriodSchema, statisticSchema } from './alarm.schema.ts';
import type { CloudWatchState } from './cloudwatch-state.ts';
import { metricPeriods } from './metric-periods.ts';

/** CloudWatch's limit on an answer. */
const maxDatapoints = 1440;

const inputSchema = z.strictObject({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: dimensionsSchema.default([]),
  /** Seconds since 1970. */
  StartTime: z.number(),
  EndTime: z.number(),
  Period: metricPeriodSchema,
  Statistics: z.array(statisticSchema).default([]),
  ExtendedStatistics: z.array(z.string()).default([]),
  Unit: z.string().optional(),
});

/** A metric's statistics by period, in no particular order in AWS, oldest first here. */
export function getMetricStatistics(state: CloudWatchState) {
  return checkedOperation('cloudwatch:GetMetricStatistics', inputSchema, async (input) => {
    const { Namespace, MetricName, Dimensions, Statistics, ExtendedStatistics, Unit } = input;
    if (Statistics.length + ExtendedStatistics.length === 0) {
      throw new AwsError('InvalidParameterCombination', 'Statistics or ExtendedStatistics must be specified');
    }
    if ((input.EndTime - input.StartTime) / input.Period > maxDatapoints) {
      throw new AwsError(
        'InvalidParameterCombination',
        `More than ${maxDatapoints} datapoints were requested`,
      );
    }
    const metric = { namespace: Namespace, name: MetricName, dimensions: Dimensions };
    const periods = await metricPeriods(state, metric, input);
    return {
      Label: MetricName,
      Datapoints: periods.map(({ start, unit, statistic }) => ({
        Timestamp: start / 1000,
        Unit: Unit ?? unit,
        ...Object.fromEntries(Statistics.map((name) => [name, statistic(name)])),
        ...(ExtendedStatistics.length > 0 && {
          ExtendedStatistics: Object.fromEntries(
            ExtendedStatistics.map((name) => [name, known(statistic(name), name)]),
          ),
        }),
      })),
    };
  });
}

function known(value: number | undefined, name: string): number {
  if (value === undefined) throw unsupported(`cloudwatch statistics such as ${name}`);
  return value;
}

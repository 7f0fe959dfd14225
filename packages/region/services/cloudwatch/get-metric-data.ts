import * as z from 'zod';
import { unsupported } from '../../aws-error.ts';
import { checkedOperation } from '../../gateway/parse-input.ts';
import { dimensionsSchema, metricPeriodSchema } from './alarm.schema.ts';
import type { CloudWatchState } from './cloudwatch-state.ts';
import { metricPeriods } from './metric-periods.ts';
import { statisticNamed } from './statistics.ts';

const querySchema = z.strictObject({
  Id: z.string().regex(/^[a-z]\w{0,254}$/),
  MetricStat: z.strictObject({
    Metric: z.strictObject({
      Namespace: z.string(),
      MetricName: z.string(),
      Dimensions: dimensionsSchema.default([]),
    }),
    Period: metricPeriodSchema,
    Stat: z.string(),
    Unit: z.string().optional(),
  }),
  Label: z.string().optional(),
  ReturnData: z.boolean().default(true),
});

const inputSchema = z.strictObject({
  MetricDataQueries: z.array(querySchema).min(1).max(500),
  /** Seconds since 1970. */
  StartTime: z.number(),
  EndTime: z.number(),
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
});

/** Values of metrics by period, in one page. No expressions. */
export function getMetricData(state: CloudWatchState) {
  return checkedOperation('cloudwatch:GetMetricData', inputSchema, async (input) => {
    const results = [];
    for (const { Id, MetricStat, Label, ReturnData } of input.MetricDataQueries) {
      if (!ReturnData) continue;
      const { Metric, Period, Stat, Unit } = MetricStat;
      if (!statisticNamed(Stat)) throw unsupported(`the cloudwatch statistic ${Stat}`);
      const metric = { namespace: Metric.Namespace, name: Metric.MetricName, dimensions: Metric.Dimensions };
      const periods = await metricPeriods(state, metric, { ...input, Period, Unit });
      const found = periods.flatMap(({ start, statistic }) => {
        const value = statistic(Stat);
        return value === undefined ? [] : [{ start, value }];
      });
      if (input.ScanBy === 'TimestampDescending') found.reverse();
      results.push({
        Id,
        Label: Label ?? Metric.MetricName,
        Timestamps: found.map(({ start }) => start / 1000),
        Values: found.map(({ value }) => value),
        StatusCode: 'Complete',
      });
    }
    return { MetricDataResults: results, Messages: [] };
  });
}

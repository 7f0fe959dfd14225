import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { checkedOperation } from '../../gateway/parse-input.ts';
import { dimensionsSchema } from './alarm.schema.ts';
import type { CloudWatchState } from './cloudwatch-state.ts';
import type { Datapoint, MetricIdentity } from './datapoints.ts';

const twoWeeksSeconds = 14 * 24 * 60 * 60;
const twoHoursSeconds = 2 * 60 * 60;

/** JSON has no NaN and no Infinity, which CloudWatch refuses too; numbers are within what it can store. */
const valueSchema = z
  .number()
  .min(-(2 ** 360))
  .max(2 ** 360);

const datumSchema = z.strictObject({
  MetricName: z.string().min(1).max(255),
  Dimensions: dimensionsSchema.default([]),
  /** Seconds since 1970; now without it. */
  Timestamp: z.number().optional(),
  Unit: z.string().default('None'),
  StorageResolution: z.union([z.literal(1), z.literal(60)]).default(60),
  Value: valueSchema.optional(),
  Values: z.array(valueSchema).min(1).max(150).optional(),
  Counts: z.array(z.number().min(0)).max(150).optional(),
  StatisticValues: z
    .strictObject({ SampleCount: z.number(), Sum: valueSchema, Minimum: valueSchema, Maximum: valueSchema })
    .optional(),
});
type Datum = z.infer<typeof datumSchema>;

const inputSchema = z.strictObject({
  Namespace: z.string().min(1).max(255).regex(/^[^:]/, 'Namespaces must not start with a colon'),
  MetricData: z.array(datumSchema).min(1).max(1000),
});

/** Takes datapoints and keeps them. Nothing evaluates them yet. */
export function putMetricData(state: CloudWatchState) {
  return checkedOperation('cloudwatch:PutMetricData', inputSchema, async ({ Namespace, MetricData }) => {
    const now = state.now();
    await state.datapoints.add(
      MetricData.map((datum) => {
        const metric: MetricIdentity = {
          namespace: Namespace,
          name: datum.MetricName,
          dimensions: datum.Dimensions,
        };
        return [metric, datapointOf(datum, now)] as const;
      }),
    );
    return {};
  });
}

function datapointOf(datum: Datum, now: number): Datapoint {
  const { Value, Values, StatisticValues, Timestamp, Unit } = datum;
  if ([Value, Values, StatisticValues].filter((given) => given !== undefined).length !== 1)
    throw invalid(`the metric ${datum.MetricName} needs exactly one of Value, Values and StatisticValues`);
  assertTime(Timestamp, now);
  const at = Timestamp === undefined ? now : Timestamp * 1000;
  if (StatisticValues) {
    const { SampleCount: sampleCount, Sum: sum, Minimum: minimum, Maximum: maximum } = StatisticValues;
    return { at, unit: Unit, sampleCount, sum, minimum, maximum, values: [] };
  }
  const values = valuesOf(datum);
  return {
    at,
    unit: Unit,
    sampleCount: values.reduce((total, { count }) => total + count, 0),
    sum: values.reduce((total, { value, count }) => total + value * count, 0),
    minimum: Math.min(...values.map(({ value }) => value)),
    maximum: Math.max(...values.map(({ value }) => value)),
    values,
  };
}

function valuesOf({ MetricName, Value, Values = [], Counts }: Datum): Datapoint['values'] {
  if (Value !== undefined) return [{ value: Value, count: 1 }];
  if (Counts && Counts.length !== Values.length)
    throw invalid(`the metric ${MetricName} has ${Values.length} Values and ${Counts.length} Counts`);
  return Values.map((value, index) => ({ value, count: Counts?.[index] ?? 1 }));
}

function assertTime(seconds: number | undefined, now: number): void {
  if (seconds === undefined) return;
  const age = now / 1000 - seconds;
  if (age > twoWeeksSeconds || age < -twoHoursSeconds)
    throw invalid('The timestamp must be between two weeks before and two hours after now');
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}

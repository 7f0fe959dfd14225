import * as z from 'zod';

export const statisticSchema = z.enum(['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum']);
export const comparisonOperatorSchema = z.enum([
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
]);
/** What an alarm makes of a period without data. */
export const missingDataSchema = z.enum(['missing', 'breaching', 'notBreaching', 'ignore']);

export const dimensionSchema = z.strictObject({
  Name: z.string().min(1).max(255),
  Value: z.string().min(1).max(1024),
});
export type Dimension = z.infer<typeof dimensionSchema>;

/** CloudWatch's limit on the dimensions of a metric. */
export const maxDimensions = 30;
export const dimensionsSchema = z.array(dimensionSchema).max(maxDimensions);

const actionsSchema = z.array(z.string().min(1).max(1024)).max(5).default([]);

const multipleOf60 = (seconds: number) => seconds % 60 === 0;

/** Seconds. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html */
export const metricPeriodSchema = z
  .int()
  .min(1)
  .refine((seconds) => [1, 5, 10, 20, 30].includes(seconds) || multipleOf60(seconds), {
    message: 'Period must be 1, 5, 10, 20, 30 or a multiple of 60 seconds',
  });

/** Seconds. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const alarmPeriodSchema = z
  .int()
  .min(1)
  .refine((seconds) => [10, 20, 30].includes(seconds) || multipleOf60(seconds), {
    message: 'Period must be 10, 20, 30 or a multiple of 60 seconds',
  });

/** One metric, or one expression over others, of an alarm on metric math. */
const metricQuerySchema = z.strictObject({
  Id: z.string().min(1).max(255),
  MetricStat: z
    .strictObject({
      Metric: z.strictObject({
        Namespace: z.string(),
        MetricName: z.string(),
        Dimensions: dimensionsSchema.optional(),
      }),
      Period: metricPeriodSchema,
      Stat: z.string(),
      Unit: z.string().optional(),
    })
    .optional(),
  Expression: z.string().max(2048).optional(),
  Label: z.string().optional(),
  Period: metricPeriodSchema.optional(),
  ReturnData: z.boolean().optional(),
});

/** What PutMetricAlarm takes: a static threshold on a metric or on metric math. */
export const alarmConfigurationSchema = z.strictObject({
  /** Read and left aside: no operation that is served answers them. */
  Tags: z
    .array(z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256) }))
    .max(50)
    .transform(() => undefined)
    .optional(),
  AlarmName: z.string().min(1).max(255),
  AlarmDescription: z.string().max(1024).optional(),
  ActionsEnabled: z.boolean().default(true),
  OKActions: actionsSchema,
  AlarmActions: actionsSchema,
  InsufficientDataActions: actionsSchema,
  Namespace: z.string().min(1).max(255).optional(),
  MetricName: z.string().min(1).max(255).optional(),
  Statistic: statisticSchema.optional(),
  ExtendedStatistic: z.string().optional(),
  Dimensions: dimensionsSchema.default([]),
  Period: alarmPeriodSchema.optional(),
  Unit: z.string().optional(),
  Metrics: z.array(metricQuerySchema).max(10).optional(),
  EvaluationPeriods: z.int().min(1),
  DatapointsToAlarm: z.int().min(1).optional(),
  Threshold: z.number(),
  ComparisonOperator: comparisonOperatorSchema,
  TreatMissingData: missingDataSchema.default('missing'),
});
export type AlarmConfiguration = z.infer<typeof alarmConfigurationSchema>;

export const alarmStateValueSchema = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);

export const alarmStateSchema = z.strictObject({
  value: alarmStateValueSchema,
  reason: z.string(),
  /** JSON. */
  reasonData: z.string().optional(),
  /** Milliseconds since 1970: when the state was last set. */
  updatedAt: z.number(),
  /** When it last became another state. */
  transitionedAt: z.number(),
});
export type AlarmState = z.infer<typeof alarmStateSchema>;

export const alarmSchema = z.strictObject({
  configuration: alarmConfigurationSchema,
  configuredAt: z.number(),
  state: alarmStateSchema,
  /** Of each metric in the events, by its place. CloudWatch makes them up for alarms without metric math. */
  metricId: z.string(),
});
export type Alarm = z.infer<typeof alarmSchema>;

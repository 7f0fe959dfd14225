import { DeleteAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { z } from 'zod';
import { resourceType } from '../resource-type.ts';

const dimensionSchema = z.strictObject({ Name: z.string(), Value: z.string() });

export const cloudWatchAlarm = resourceType({
  type: 'AWS::CloudWatch::Alarm',
  properties: {
    AlarmName: z.string().optional(),
    ActionsEnabled: z.boolean().exactOptional(),
    AlarmActions: z.array(z.string()).exactOptional(),
    AlarmDescription: z.string().exactOptional(),
    ComparisonOperator: z.enum([
      'GreaterThanOrEqualToThreshold',
      'GreaterThanThreshold',
      'LessThanThreshold',
      'LessThanOrEqualToThreshold',
    ]),
    DatapointsToAlarm: z.int().exactOptional(),
    Dimensions: z.array(dimensionSchema).exactOptional(),
    EvaluationPeriods: z.int(),
    ExtendedStatistic: z.string().exactOptional(),
    InsufficientDataActions: z.array(z.string()).exactOptional(),
    MetricName: z.string(),
    Namespace: z.string(),
    OKActions: z.array(z.string()).exactOptional(),
    Period: z.int(),
    Statistic: z.enum(['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum']).exactOptional(),
    Threshold: z.number(),
    TreatMissingData: z.enum(['breaching', 'notBreaching', 'ignore', 'missing']).exactOptional(),
  },
  ignored: { Tags: 'nothing reads them' },
  async apply({ AlarmName, ...alarm }, { region, accountId, services, name }) {
    const alarmName = AlarmName ?? name({ maximum: 255 });
    await services.cloudwatch.send(new PutMetricAlarmCommand({ AlarmName: alarmName, ...alarm }));
    const arn = `arn:aws:cloudwatch:${region}:${accountId}:alarm:${alarmName}`;
    return { ref: alarmName, attributes: { Arn: arn } };
  },
  remove: async (AlarmName, { cloudwatch }) =>
    void (await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] }))),
});

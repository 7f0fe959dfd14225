import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import {
  comparisonOperatorSchema,
  missingDataSchema,
  statisticSchema,
} from '../../services/cloudwatch/alarm.schema.ts';
import { resourceType } from '../resource-type.ts';

const dimensionSchema = z.strictObject({ Name: z.string(), Value: z.string() });

const nameLimits = { maximum: 255 };

const isOfTheMoment = (name: string) => /^State|Timestamp$/.test(name);

export const cloudWatchAlarm = resourceType({
  type: 'AWS::CloudWatch::Alarm',
  properties: {
    AlarmName: z.string().optional(),
    ActionsEnabled: z.boolean().exactOptional(),
    AlarmActions: z.array(z.string()).exactOptional(),
    AlarmDescription: z.string().exactOptional(),
    ComparisonOperator: comparisonOperatorSchema,
    DatapointsToAlarm: z.int().exactOptional(),
    Dimensions: z.array(dimensionSchema).exactOptional(),
    EvaluationPeriods: z.int(),
    ExtendedStatistic: z.string().exactOptional(),
    InsufficientDataActions: z.array(z.string()).exactOptional(),
    MetricName: z.string(),
    Namespace: z.string(),
    OKActions: z.array(z.string()).exactOptional(),
    Period: z.int(),
    Statistic: statisticSchema.exactOptional(),
    Threshold: z.number(),
    TreatMissingData: missingDataSchema.exactOptional(),
  },
  ignored: { Tags: 'nothing reads them' },
  kept: {
    async put({ AlarmName, ...alarm }, { services, name }) {
      await services.cloudwatch.send(
        new PutMetricAlarmCommand({ AlarmName: AlarmName ?? name(nameLimits), ...alarm }),
      );
    },
    async read(AlarmName, { cloudwatch }) {
      const answer = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
      const [alarm] = answer.MetricAlarms ?? [];
      return alarm && Object.fromEntries(Object.entries(alarm).filter(([name]) => !isOfTheMoment(name)));
    },
  },
  async apply({ AlarmName }, { region, accountId, name }) {
    const alarmName = AlarmName ?? name(nameLimits);
    const arn = `arn:aws:cloudwatch:${region}:${accountId}:alarm:${alarmName}`;
    return { ref: alarmName, attributes: { Arn: arn } };
  },
  remove: async (AlarmName, { cloudwatch }) =>
    void (await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] }))),
});

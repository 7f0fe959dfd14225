import { onEverything, type Permissions, textOf, textsIn } from '../../gateway/permissions.ts';
import type { Place } from '../../iam/access-request.ts';

const alarmArn = (name: string, { region, accountId }: Place): string =>
  `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`;

const onAlarm =
  (action: string): Permissions =>
  (input, place) => [{ action, resource: alarmArn(textOf(input, 'AlarmName'), place) }];

const isTagged = (input: Readonly<Record<string, unknown>>): boolean =>
  Array.isArray(input.Tags) && input.Tags.length > 0;

/** By the Service Authorization Reference of CloudWatch. */
export const cloudWatchPermissions = {
  DeleteAlarms: (input, place) =>
    textsIn(input, 'AlarmNames').map((name) => ({
      action: 'cloudwatch:DeleteAlarms',
      resource: alarmArn(name, place),
    })),
  // Asked of all alarms, whichever are named.
  DescribeAlarms: (_input, place) => [
    { action: 'cloudwatch:DescribeAlarms', resource: alarmArn('*', place) },
  ],
  GetMetricData: onEverything('cloudwatch:GetMetricData'),
  GetMetricStatistics: onEverything('cloudwatch:GetMetricStatistics'),
  // Tags take a right of their own.
  PutMetricAlarm: (input, place) => [
    ...onAlarm('cloudwatch:PutMetricAlarm')(input, place),
    ...(isTagged(input) ? onAlarm('cloudwatch:TagResource')(input, place) : []),
  ],
  PutMetricData: (input) => [
    {
      action: 'cloudwatch:PutMetricData',
      resource: '*',
      context: { 'cloudwatch:namespace': textOf(input, 'Namespace') },
    },
  ],
  SetAlarmState: onAlarm('cloudwatch:SetAlarmState'),
} satisfies Record<string, Permissions>;

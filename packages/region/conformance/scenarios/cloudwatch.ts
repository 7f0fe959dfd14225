import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
  type PutMetricDataCommandInput,
  SetAlarmStateCommand,
  type Statistic,
} from '@aws-sdk/client-cloudwatch';
import type { Scenario } from '../scenario.ts';

const alarm: PutMetricAlarmCommandInput = {
  AlarmName: 'too-many',
  Namespace: 'Shop',
  MetricName: 'Orders',
  Dimensions: [{ Name: 'Kind', Value: 'book' }],
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 2,
  Threshold: 5,
  ComparisonOperator: 'GreaterThanThreshold',
};

export const cloudWatchScenarios: readonly Scenario[] = [
  {
    service: 'cloudwatch',
    name: 'alarms',
    async run({ cloudwatch }, steps) {
      const put = (what: string, input: Partial<PutMetricAlarmCommandInput>) =>
        steps.call(`PutMetricAlarm ${what}`, () =>
          cloudwatch.send(new PutMetricAlarmCommand({ ...alarm, ...input } as PutMetricAlarmCommandInput)),
        );
      const describe = (what: string, input: DescribeAlarmsCommandInput) =>
        steps.call(`DescribeAlarms ${what}`, () => cloudwatch.send(new DescribeAlarmsCommand(input)));
      await describe('of nothing', {});
      await put('first', {});
      await describe('first', { AlarmNames: ['too-many'] });
      await put('with everything', {
        AlarmName: 'full',
        AlarmDescription: 'Many orders',
        ActionsEnabled: false,
        AlarmActions: ['arn:aws:sns:eu-west-1:123456789012:topic'],
        OKActions: ['arn:aws:sns:eu-west-1:123456789012:topic'],
        DatapointsToAlarm: 1,
        TreatMissingData: 'notBreaching',
      });
      await describe('with everything', { AlarmNames: ['full'] });
      await describe('by a beginning', { AlarmNamePrefix: 'too' });
      await describe('of none', { AlarmNames: ['none'] });
      await put('with an operator of none', {
        ComparisonOperator: 'EqualToThreshold' as 'LessThanThreshold',
      });
      await put('with more datapoints than periods', { DatapointsToAlarm: 3 });
      await put('with a period of 7', { Period: 7 });
      await put('of no periods', { EvaluationPeriods: 0 });
      await put('with two statistics', { ExtendedStatistic: 'p90' });
      await put('without a metric', { MetricName: undefined, Namespace: undefined });
      const set = (what: string, AlarmName: string, StateValue: 'OK' | 'ALARM') =>
        steps.call(`SetAlarmState ${what}`, () =>
          cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'by hand' })),
        );
      await set('of one', 'full', 'ALARM');
      await describe('that are on', { StateValue: 'ALARM' });
      await set('of none', 'none', 'ALARM');
      await set('to nothing', 'full', 'LOUD' as 'ALARM');
      const remove = (what: string, AlarmNames: string[]) =>
        steps.call(`DeleteAlarms ${what}`, () => cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames })));
      await remove('of one', ['full']);
      await remove('of none', ['none']);
      await remove('of one and none', ['too-many', 'none']);
      await describe('in the end', {});
    },
  },
  {
    service: 'cloudwatch',
    name: 'metrics',
    async run({ cloudwatch }, steps) {
      const minute = Math.floor(Date.now() / 60_000) * 60_000;
      const put = (what: string, input: PutMetricDataCommandInput) =>
        steps.call(`PutMetricData ${what}`, () => cloudwatch.send(new PutMetricDataCommand(input)));
      const datum = (value: number, minutesAgo: number) => ({
        MetricName: 'Orders',
        Value: value,
        Timestamp: new Date(minute - minutesAgo * 60_000),
      });
      await put('of four', {
        Namespace: 'Shop',
        MetricData: [datum(1, 1), datum(2, 1), datum(6, 1), datum(10, 3)],
      });
      await put('of a set', {
        Namespace: 'Shop',
        MetricData: [
          {
            MetricName: 'Set',
            Timestamp: new Date(minute - 60_000),
            StatisticValues: { SampleCount: 2, Sum: 6, Minimum: 1, Maximum: 5 },
          },
        ],
      });
      await put('of values and counts', {
        Namespace: 'Shop',
        MetricData: [
          { MetricName: 'Values', Timestamp: new Date(minute - 60_000), Values: [1, 5], Counts: [3, 1] },
        ],
      });
      await put('in a namespace of AWS', { Namespace: 'AWS/Shop', MetricData: [datum(1, 1)] });
      await put('without a value', { Namespace: 'Shop', MetricData: [{ MetricName: 'Orders' }] });
      await put('of nothing', { Namespace: 'Shop', MetricData: [] });
      const statistics = (what: string, MetricName: string, Statistics: Statistic[], Period = 60) =>
        steps.call(`GetMetricStatistics ${what}`, async () => {
          const answer = await cloudwatch.send(
            new GetMetricStatisticsCommand({
              Namespace: 'Shop',
              MetricName,
              StartTime: new Date(minute - 600_000),
              EndTime: new Date(minute + 60_000),
              Period,
              Statistics,
            }),
          );
          const time = ({ Timestamp }: { Timestamp?: Date | undefined }) => Timestamp?.getTime() ?? 0;
          return { ...answer, Datapoints: answer.Datapoints?.sort((one, other) => time(one) - time(other)) };
        });
      const all: Statistic[] = ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'];
      await statistics('of all', 'Orders', all);
      await statistics('of a set', 'Set', all);
      await statistics('of values and counts', 'Values', all);
      await statistics('of none', 'None', ['Sum']);
      await statistics('with a period of 7', 'Orders', ['Sum'], 7);
      await statistics('with no statistics', 'Orders', []);
      const data = (what: string, Stat: string, MetricName = 'Orders') =>
        steps.call(`GetMetricData ${what}`, () =>
          cloudwatch.send(
            new GetMetricDataCommand({
              StartTime: new Date(minute - 600_000),
              EndTime: new Date(minute + 60_000),
              MetricDataQueries: [
                { Id: 'm', MetricStat: { Metric: { Namespace: 'Shop', MetricName }, Period: 60, Stat } },
              ],
            }),
          ),
        );
      for (const Stat of ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount', 'p50'])
        await data(`of ${Stat}`, Stat);
      await data('of none', 'Sum', 'None');
    },
  },
];

import { randomUUID } from 'node:crypto';
import { AwsError, unsupported } from '../../aws-error.ts';
import type { JsonOperation } from '../../gateway/json-service.ts';
import { checkedOperation } from '../../gateway/parse-input.ts';
import type { Throttle } from '../../gateway/throttle.ts';
import { type AlarmConfiguration, type AlarmState, alarmConfigurationSchema } from './alarm.schema.ts';
import { configurationChange } from './alarm-event.ts';
import type { CloudWatchState } from './cloudwatch-state.ts';
import { statisticNamed } from './statistics.ts';

/** Creates an alarm, or replaces the configuration of one and leaves its state. */
export function putMetricAlarm(state: CloudWatchState, throttle: Throttle): JsonOperation {
  const put = checkedOperation(
    'cloudwatch:PutMetricAlarm',
    alarmConfigurationSchema,
    async (configuration) => {
      assertMetric(configuration);
      await state.turns.run(async () => {
        const existing = await state.find(configuration.AlarmName);
        const alarm = {
          configuration,
          configuredAt: state.now(),
          state: existing?.state ?? initialState(state.now()),
          metricId: existing?.metricId ?? randomUUID(),
        };
        const arn = state.arn(configuration.AlarmName);
        await state.save(alarm, configurationChange(arn, alarm, existing ? 'update' : 'create', existing));
      });
      return {};
    },
  );
  return async (input, call) => {
    // The person at the laptop, and the templates, which CloudFormation would make in its own time, are not held up.
    if (call.caller.roleArn !== undefined) throttle.take();
    return await put(input);
  };
}

function initialState(now: number): AlarmState {
  return {
    value: 'INSUFFICIENT_DATA',
    reason: 'Unchecked: Initial alarm creation',
    updatedAt: now,
    transitionedAt: now,
  };
}

/** An alarm is on one metric with one statistic, or on metric math of which one entry is returned. */
function assertMetric(alarm: AlarmConfiguration): void {
  const { Metrics, MetricName, Namespace, Period, Statistic, ExtendedStatistic } = alarm;
  if (Metrics) {
    const returned = Metrics.filter(({ ReturnData }) => ReturnData ?? true);
    if (MetricName !== undefined || Statistic !== undefined || Period !== undefined)
      throw invalid('Metrics must not be combined with MetricName, Statistic or Period');
    if (returned.length !== 1) throw invalid('exactly one element of the metrics list should return data');
    return;
  }
  if (MetricName === undefined || Namespace === undefined || Period === undefined)
    throw invalid('MetricName, Namespace and Period, or Metrics, must be specified');
  if ((Statistic === undefined) === (ExtendedStatistic === undefined))
    throw invalid('exactly one of Statistic and ExtendedStatistic must be specified');
  if (ExtendedStatistic !== undefined && !statisticNamed(ExtendedStatistic))
    throw unsupported(`the cloudwatch statistic ${ExtendedStatistic}`);
  assertWindow(alarm, Period);
}

/** CloudWatch looks back a day at most, or a week with periods of an hour or more. */
function assertWindow(
  { EvaluationPeriods, DatapointsToAlarm = 1 }: AlarmConfiguration,
  period: number,
): void {
  const maxSeconds = period >= 3600 ? 604_800 : 86_400;
  if (EvaluationPeriods * period > maxSeconds)
    throw invalid(`EvaluationPeriods times Period must not be above ${maxSeconds} seconds`);
  if (DatapointsToAlarm > EvaluationPeriods)
    throw invalid('DatapointsToAlarm must not be above EvaluationPeriods');
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

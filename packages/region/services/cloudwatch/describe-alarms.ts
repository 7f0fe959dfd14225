import * as z from 'zod';
import { unsupported } from '../../aws-error.ts';
import { checkedOperation } from '../../gateway/parse-input.ts';
import { type Alarm, alarmStateValueSchema } from './alarm.schema.ts';
import type { CloudWatchState } from './cloudwatch-state.ts';

const inputSchema = z.strictObject({
  AlarmNames: z.array(z.string()).max(100).optional(),
  AlarmNamePrefix: z.string().optional(),
  /** Without `MetricAlarm` there is nothing to describe: composite alarms are not served. */
  AlarmTypes: z.array(z.enum(['MetricAlarm', 'CompositeAlarm'])).default(['MetricAlarm']),
  StateValue: alarmStateValueSchema.optional(),
  ActionPrefix: z.string().optional(),
  MaxRecords: z.int().min(1).max(100).default(50),
  NextToken: z.string().optional(),
});

/** Alarms by name, a page at a time. The token is the name to go on behind. */
export function describeAlarms(state: CloudWatchState) {
  return checkedOperation('cloudwatch:DescribeAlarms', inputSchema, async (input) => {
    if (input.AlarmTypes.includes('CompositeAlarm')) throw unsupported('cloudwatch composite alarms');
    const { AlarmNames, AlarmNamePrefix = '', StateValue, ActionPrefix, NextToken = '', MaxRecords } = input;
    const wanted = (await state.alarms()).filter(
      (alarm) =>
        (AlarmNames?.includes(alarm.configuration.AlarmName) ?? true) &&
        alarm.configuration.AlarmName.startsWith(AlarmNamePrefix) &&
        alarm.configuration.AlarmName > NextToken &&
        (StateValue ?? alarm.state.value) === alarm.state.value &&
        (ActionPrefix === undefined || actions(alarm).some((action) => action.startsWith(ActionPrefix))),
    );
    const page = wanted.slice(0, MaxRecords);
    return {
      MetricAlarms: page.map((alarm) => described(state, alarm)),
      CompositeAlarms: [],
      ...(wanted.length > page.length && { NextToken: page.at(-1)?.configuration.AlarmName }),
    };
  });
}

function actions({ configuration }: Alarm): readonly string[] {
  return [
    ...configuration.AlarmActions,
    ...configuration.OKActions,
    ...configuration.InsufficientDataActions,
  ];
}

/** Times are seconds since 1970. */
function described(state: CloudWatchState, { configuration, configuredAt, state: current }: Alarm) {
  return {
    ...configuration,
    AlarmArn: state.arn(configuration.AlarmName),
    AlarmConfigurationUpdatedTimestamp: configuredAt / 1000,
    StateValue: current.value,
    StateReason: current.reason,
    StateReasonData: current.reasonData,
    StateUpdatedTimestamp: current.updatedAt / 1000,
    StateTransitionedTimestamp: current.transitionedAt / 1000,
  };
}

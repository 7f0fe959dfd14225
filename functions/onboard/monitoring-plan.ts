import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import {
  gaugeNamespace,
  monitoringDimensions,
  monitoringGauges,
} from '@tidemark/domain/monitoring-gauges.ts';
import { type AlarmKind, alarmName } from '@tidemark/domain/names.ts';

/** What the deployment says about alarms and schedules; set by `infra/onboard/onboard-capability.ts`. */
interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface MonitoringSettings {
  readonly stage: string;
  /** What everything is tagged with. */
  readonly tags: readonly Tag[];
  /** Who is told when an alarm goes off. */
  readonly alarmTopicArn: string;
  readonly monitorMachineArn: string;
  readonly retrainMachineArn: string;
  readonly scheduleGroup: string;
  /** What Scheduler starts the machines as. */
  readonly schedulerRoleArn: string;
  /** Where a start goes that did not succeed in time. */
  readonly deadLetterQueueArn: string;
}

/** CloudWatch's PutMetricAlarm. */
export interface AlarmRequest {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions: readonly string[];
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
  readonly Statistic: 'Maximum';
  /** Seconds. */
  readonly Period: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly Threshold: number;
  readonly ComparisonOperator: 'GreaterThanOrEqualToThreshold';
  readonly TreatMissingData: 'ignore';
  /** Heeded when the alarm is created; later ones leave its tags as they are. */
  readonly Tags: readonly Tag[];
}

/** Scheduler's CreateSchedule, and its UpdateSchedule, which wants every field again. */
export interface ScheduleRequest {
  readonly Name: string;
  readonly GroupName: string;
  readonly Description: string;
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone: 'UTC';
  readonly FlexibleTimeWindow: { readonly Mode: 'FLEXIBLE'; readonly MaximumWindowInMinutes: number };
  readonly Target: {
    readonly Arn: string;
    readonly RoleArn: string;
    readonly Input: string;
    readonly DeadLetterConfig: { readonly Arn: string };
    readonly RetryPolicy: {
      readonly MaximumEventAgeInSeconds: number;
      readonly MaximumRetryAttempts: number;
    };
  };
}

/** Scheduler's DeleteSchedule. */
export type ScheduleName = Pick<ScheduleRequest, 'Name' | 'GroupName'>;

/** Everything that a model's definition asks of CloudWatch and Scheduler, in the words of their APIs. */
export interface MonitoringPlan {
  readonly alarms: readonly AlarmRequest[];
  /** Alarms that the definition does not ask for, by name; they may never have been. */
  readonly obsoleteAlarms: readonly string[];
  readonly schedules: readonly ScheduleRequest[];
  readonly obsoleteSchedules: readonly ScheduleName[];
}

/** How an alarm's description begins: its heading in `docs/runbook.md`, which a test holds to it. */
export const alarmHeadings = {
  drift: 'The predictions of a model have drifted',
  quality: 'The quality of a model has degraded',
} as const satisfies Record<AlarmKind, string>;

const daySeconds = 86_400;
/** Scheduler's most, and its longest: a day. */
const mostAttempts = 185;

/** A window of each length: when it ends, how far starts are spread, and how long a start is still worth it. */
const windows = {
  hour: { seconds: 3600, expression: 'cron(0 * * * ? *)', spreadMinutes: 15 },
  day: { seconds: daySeconds, expression: 'cron(0 0 * * ? *)', spreadMinutes: 60 },
} as const;

/** Daily, as `everyDays` counts from the last training, whatever led to it; four hours after the day's last window. */
const retrainExpression = 'cron(0 4 * * ? *)';
const retrainSpreadMinutes = 60;

export const alarmKinds: readonly AlarmKind[] = ['drift', 'quality'];

/** What a model's schedules are called, at most 64 characters: a model's name has 31. The group has the stage. */
export function scheduleNames(model: string): { readonly monitor: string; readonly retrain: string } {
  return { monitor: `${model}-monitor`, retrain: `${model}-retrain` };
}

/** The alarms and schedules of a model, and those that it must not have: of a retired one, any. */
export function planMonitoring(definition: Definition, settings: MonitoringSettings): MonitoringPlan {
  const { name: model, monitoring, retraining, lifecycle } = definition;
  const monitor = monitorSchedule(definition, settings);
  const retrain = retrainSchedule(definition, settings);
  const isActive = lifecycle === 'active';
  const isMonitored = isActive && monitoring.enabled;
  const isScheduled = isActive && retraining.on.includes('schedule');
  return {
    alarms: isMonitored ? alarmKinds.map((kind) => alarm(definition, kind, settings)) : [],
    obsoleteAlarms: isMonitored ? [] : alarmKinds.map((kind) => alarmName(settings.stage, model, kind)),
    schedules: [...(isMonitored ? [monitor] : []), ...(isScheduled ? [retrain] : [])],
    obsoleteSchedules: [...(isMonitored ? [] : [monitor]), ...(isScheduled ? [] : [retrain])].map(
      ({ Name, GroupName }) => ({ Name, GroupName }),
    ),
  };
}

/**
 * Follows the verdict of the latest window, one number per window, so a period is a window: `monitor` has counted windows, as it knows which
 * version each is of (`functions/monitor/alarm-verdict.ts`). A window that could not be judged publishes nothing, which is news neither
 * way: the alarm stays as it is (`ignore`).
 */
function alarm(
  { name: model, monitoring }: Definition,
  kind: AlarmKind,
  { stage, alarmTopicArn, tags }: MonitoringSettings,
): AlarmRequest {
  const { windows: alarming, outOf } = monitoring.alarm;
  const what = `${alarming} of ${outOf} windows (one each ${monitoring.every}) of the live version of ${model}`;
  return {
    AlarmName: alarmName(stage, model, kind),
    AlarmDescription: `${alarmHeadings[kind]}: ${what}. See docs/runbook.md.`,
    AlarmActions: [alarmTopicArn],
    Namespace: gaugeNamespace,
    MetricName: kind === 'drift' ? monitoringGauges.driftAlarm : monitoringGauges.qualityAlarm,
    Dimensions: monitoringDimensions(stage, model),
    Statistic: 'Maximum',
    Period: windows[monitoring.every].seconds,
    EvaluationPeriods: 1,
    DatapointsToAlarm: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'ignore',
    Tags: [...tags, { Key: 'tidemark:stage', Value: stage }, { Key: 'tidemark:model', Value: model }],
  };
}

/** A start that is later than the next window is of no use: that window has what this one would have looked at. */
function monitorSchedule(
  { name: model, monitoring }: Definition,
  settings: MonitoringSettings,
): ScheduleRequest {
  const { seconds, expression, spreadMinutes } = windows[monitoring.every];
  return {
    ...schedule(scheduleNames(model).monitor, expression, spreadMinutes, settings),
    Description: `Judges a window of predictions of ${model} each ${monitoring.every}.`,
    Target: target(settings.monitorMachineArn, { model }, seconds, settings),
  };
}

function retrainSchedule({ name: model }: Definition, settings: MonitoringSettings): ScheduleRequest {
  return {
    ...schedule(scheduleNames(model).retrain, retrainExpression, retrainSpreadMinutes, settings),
    Description: `Asks each day whether ${model} is due for a training.`,
    Target: target(settings.retrainMachineArn, { model }, daySeconds, settings),
  };
}

function schedule(
  Name: string,
  ScheduleExpression: string,
  MaximumWindowInMinutes: number,
  { scheduleGroup }: MonitoringSettings,
) {
  return {
    Name,
    GroupName: scheduleGroup,
    ScheduleExpression,
    ScheduleExpressionTimezone: 'UTC',
    // Scheduler spreads the starts of all models over it, each by itself.
    FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes },
  } as const;
}

function target(
  Arn: string,
  { model }: { readonly model: string },
  MaximumEventAgeInSeconds: number,
  { schedulerRoleArn, deadLetterQueueArn }: MonitoringSettings,
): ScheduleRequest['Target'] {
  return {
    Arn,
    RoleArn: schedulerRoleArn,
    // Scheduler writes the time of the schedule in its place, not that of the start. `trigger` tells it from what a person types.
    Input: JSON.stringify({ model, trigger: 'schedule', scheduledTime: '<aws.scheduler.scheduled-time>' }),
    DeadLetterConfig: { Arn: deadLetterQueueArn },
    RetryPolicy: { MaximumEventAgeInSeconds, MaximumRetryAttempts: mostAttempts },
  };
}

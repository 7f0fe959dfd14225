import type { OutgoingEvent } from '../events/outbox.ts';
import type { Alarm, AlarmConfiguration, AlarmState, Dimension } from './alarm.schema.ts';

/** A change from one state to another. */
export function stateChange(arn: string, alarm: Alarm, previous: AlarmState): OutgoingEvent {
  const { configuration, state } = alarm;
  return {
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    resources: [arn],
    at: state.updatedAt,
    detail: {
      alarmName: configuration.AlarmName,
      configuration: {
        ...(configuration.AlarmDescription !== undefined && { description: configuration.AlarmDescription }),
        metrics: metricsOf(alarm),
      },
      previousState: shownState(previous),
      state: shownState(state),
    },
  };
}

/** An alarm that was made, changed or deleted. */
export function configurationChange(
  arn: string,
  alarm: Alarm,
  operation: 'create' | 'update' | 'delete',
  previous?: Alarm,
): OutgoingEvent {
  return {
    'detail-type': 'CloudWatch Alarm Configuration Change',
    source: 'aws.cloudwatch',
    resources: [arn],
    detail: {
      alarmName: alarm.configuration.AlarmName,
      operation,
      state: { value: alarm.state.value, timestamp: eventTimestamp(alarm.state.updatedAt) },
      configuration: shownConfiguration(alarm),
      ...(previous && { previousConfiguration: shownConfiguration(previous) }),
    },
  };
}

function shownConfiguration(alarm: Alarm): Record<string, unknown> {
  const { configuration, configuredAt } = alarm;
  return {
    alarmName: configuration.AlarmName,
    ...(configuration.AlarmDescription !== undefined && { description: configuration.AlarmDescription }),
    actionsEnabled: configuration.ActionsEnabled,
    okActions: configuration.OKActions,
    alarmActions: configuration.AlarmActions,
    insufficientDataActions: configuration.InsufficientDataActions,
    evaluationPeriods: configuration.EvaluationPeriods,
    ...(configuration.DatapointsToAlarm !== undefined && {
      datapointsToAlarm: configuration.DatapointsToAlarm,
    }),
    threshold: configuration.Threshold,
    comparisonOperator: configuration.ComparisonOperator,
    treatMissingData: configuration.TreatMissingData,
    metrics: metricsOf(alarm),
    timestamp: eventTimestamp(configuredAt),
  };
}

/** Metrics as events name them: in lower camel case, with dimensions as a map. */
function metricsOf({ configuration, metricId }: Alarm): Record<string, unknown>[] {
  return configuration.Metrics?.map(mathMetric) ?? [singleMetric(configuration, metricId)];
}

function singleMetric(configuration: AlarmConfiguration, id: string): Record<string, unknown> {
  const { Namespace, MetricName, Dimensions, Period, Statistic, ExtendedStatistic, Unit } = configuration;
  return {
    id,
    metricStat: {
      metric: { namespace: Namespace, name: MetricName, dimensions: dimensionMap(Dimensions) },
      period: Period,
      stat: Statistic ?? ExtendedStatistic,
      ...(Unit !== undefined && { unit: Unit }),
    },
    returnData: true,
  };
}

function mathMetric(query: NonNullable<AlarmConfiguration['Metrics']>[number]): Record<string, unknown> {
  const { Id, MetricStat, Expression, Label, Period, ReturnData } = query;
  return {
    id: Id,
    ...(MetricStat && {
      metricStat: {
        metric: {
          namespace: MetricStat.Metric.Namespace,
          name: MetricStat.Metric.MetricName,
          dimensions: dimensionMap(MetricStat.Metric.Dimensions ?? []),
        },
        period: MetricStat.Period,
        stat: MetricStat.Stat,
      },
    }),
    ...(Expression !== undefined && { expression: Expression }),
    ...(Label !== undefined && { label: Label }),
    ...(Period !== undefined && { period: Period }),
    returnData: ReturnData ?? true,
  };
}

function dimensionMap(dimensions: readonly Dimension[]): Record<string, string> {
  return Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value]));
}

function shownState({ value, reason, reasonData, updatedAt }: AlarmState): Record<string, string> {
  return {
    value,
    reason,
    ...(reasonData !== undefined && { reasonData }),
    timestamp: eventTimestamp(updatedAt),
  };
}

/** As CloudWatch writes times in events: `2026-01-01T00:00:00.000+0000`. */
export function eventTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '+0000');
}

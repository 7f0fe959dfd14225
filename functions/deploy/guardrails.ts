import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import type { DeploymentConfig, Tag } from '@aws-sdk/client-sagemaker';
import type { ServingSettings } from '@tidemark/domain/definition/serving-settings.schema.ts';
import { trafficShiftSeconds } from '@tidemark/domain/definition/traffic.ts';
import { unreachable } from '@tidemark/domain/errors.ts';
import { updateAlarmName } from '@tidemark/domain/names.ts';

export type InstanceSettings = Extract<ServingSettings, { kind: 'instance' }>;

/**
 * SageMaker moves traffic only between variants of one name (Developer Guide, *Deployment guardrails*, *Exclusions*), so every
 * configuration of every model uses this one. Which version answered must be told otherwise.
 */
export const variantName = 'primary';

/** SageMaker's own limits on how long an update may take. */
const shortestUpdateSeconds = 600;
/** For starting the new fleet: images of tens of GB on large instances take up to half of it. */
const fleetStartSeconds = 3600;

/** The endpoint configuration whose fleet is watched. */
interface Fleet {
  readonly stage: string;
  readonly tags: readonly Tag[];
  readonly endpointName: string;
  readonly endpointConfigName: string;
}

/**
 * How SageMaker moves traffic of an instance endpoint to a new fleet: the steps of the definition, each watched, and back when
 * an alarm sounds. The wait before the old fleet is removed is the watch after the last step.
 */
export function guardedUpdate(settings: InstanceSettings, alarmNames: readonly string[]): DeploymentConfig {
  return {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: trafficRouting(settings),
      TerminationWaitInSeconds: settings.waitSeconds,
      MaximumExecutionTimeoutInSeconds: Math.max(shortestUpdateSeconds, updateSeconds(settings)),
    },
    AutoRollbackConfiguration: { Alarms: alarmNames.map((AlarmName) => ({ AlarmName })) },
  };
}

/** Longest that SageMaker may take over an update, in seconds; the definition's schema keeps it within SageMaker's 28,800. */
export function updateSeconds(settings: InstanceSettings): number {
  return fleetStartSeconds + trafficShiftSeconds(settings);
}

function trafficRouting({ traffic, stepPercent, waitSeconds }: InstanceSettings) {
  const size = { Type: 'CAPACITY_PERCENT', Value: stepPercent } as const;
  const WaitIntervalInSeconds = waitSeconds;
  switch (traffic) {
    case 'all-at-once':
      return { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds } as const;
    case 'canary':
      return { Type: 'CANARY', WaitIntervalInSeconds, CanarySize: size } as const;
    case 'linear':
      return { Type: 'LINEAR', WaitIntervalInSeconds, LinearStepSize: size } as const;
    default:
      return unreachable(traffic);
  }
}

/**
 * The alarms that bring the former version back, on the new fleet only: with the dimension `EndpointConfigName` the metrics of
 * the old fleet, which may be what the update fixes, do not count. A fleet without requests is not in alarm.
 */
export function rollbackAlarms(fleet: Fleet, settings: InstanceSettings): PutMetricAlarmCommandInput[] {
  const { serverErrorPercent, latencyMilliseconds } = settings.rollbackWhen;
  const watched = {
    Namespace: 'AWS/SageMaker',
    Dimensions: [
      { Name: 'EndpointName', Value: fleet.endpointName },
      { Name: 'VariantName', Value: variantName },
      { Name: 'EndpointConfigName', Value: fleet.endpointConfigName },
    ],
    // The shortest period of these metrics, once: a bad version is back out after a minute of it.
    Period: 60,
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
    Tags: [...fleet.tags],
  } satisfies Partial<PutMetricAlarmCommandInput>;
  const ofVersion = `while traffic moves to ${fleet.endpointConfigName}`;
  return [
    {
      ...watched,
      AlarmName: updateAlarmName(fleet.stage, fleet.endpointConfigName, 'server-errors'),
      AlarmDescription: `More than ${serverErrorPercent} % of requests failed in a minute ${ofVersion}. SageMaker moves it back.`,
      MetricName: 'Invocation5XXErrors',
      // Each request counts 0 or 1, so the average is the share of requests.
      Statistic: 'Average',
      Threshold: serverErrorPercent / 100,
    },
    {
      ...watched,
      AlarmName: updateAlarmName(fleet.stage, fleet.endpointConfigName, 'latency'),
      AlarmDescription: `One request in ten took over ${latencyMilliseconds} ms in a minute ${ofVersion}. SageMaker moves it back.`,
      MetricName: 'ModelLatency',
      ExtendedStatistic: 'p90',
      // The metric is in microseconds.
      Threshold: latencyMilliseconds * 1000,
    },
  ];
}

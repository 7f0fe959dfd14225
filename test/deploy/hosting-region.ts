import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { type InstalledRegion, startInstalledRegion } from '../support/installed-region.ts';

export const artifactsBucket = 'artifacts';
export const eventBus = 'tidemark-dev';

/** The installed region as whole deployments are looked at. */
export interface HostingRegion extends InstalledRegion {
  /** Names of the alarms that are not the templates'. */
  alarms(): Promise<string[]>;
  /** Sounds an alarm without a minute of bad traffic. */
  sound(alarmName: string): Promise<void>;
}

/** Waits are 100 times shorter than they say, so that a deployment takes no longer than its containers do. */
const speed = 100;

export async function startHostingRegion(): Promise<HostingRegion> {
  const region = await startInstalledRegion({
    speed,
    images: { 'answers:': ['node', 'test/deploy/answering-container.mjs'] },
    startupSeconds: 2,
    // Of an artifact that is gone: SageMaker's roles may not list, so S3 tells them 403 of a missing key, and not 404.
    meantDenials: /serving-[\w-]+\/local is not authorized to perform: s3:ListBucket/,
    environment: { SERVERLESS_MAX_CONCURRENCY: '10' },
  });
  const ofTemplates = new Set(
    region.region.resources.flatMap(({ type, physicalId }) =>
      type === 'AWS::CloudWatch::Alarm' ? physicalId : [],
    ),
  );
  const alarms = new CloudWatchClient(region.sdkConfig);
  return {
    ...region,
    async alarms() {
      const { MetricAlarms = [] } = await alarms.send(new DescribeAlarmsCommand({}));
      return MetricAlarms.flatMap(({ AlarmName }) => AlarmName ?? []).filter(
        (name) => !ofTemplates.has(name),
      );
    },
    async sound(AlarmName) {
      const { MetricAlarms: [alarm] = [] } = await alarms.send(
        new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }),
      );
      const { Namespace, MetricName, Dimensions, Statistic, Period } = alarm ?? {};
      const metric = { Namespace, MetricName, Dimensions, Statistic, Period };
      await alarms.send(
        new PutMetricAlarmCommand({
          AlarmName,
          ...metric,
          EvaluationPeriods: 1,
          Threshold: 0,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          // The next evaluation must find what the test says.
          TreatMissingData: 'breaching',
        }),
      );
      const state = { StateValue: 'ALARM', StateReason: 'The test says so.' } as const;
      await alarms.send(new SetAlarmStateCommand({ AlarmName, ...state }));
    },
    async stop() {
      alarms.destroy();
      await region.stop();
    },
  };
}

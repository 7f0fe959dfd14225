import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { wallClock } from '../../packages/region/clock.ts';
import { Gateway } from '../../packages/region/gateway/gateway.ts';
import type { Roles } from '../../packages/region/gateway/roles.ts';
import { cloudWatchService } from '../../packages/region/services/cloudwatch/cloudwatch-service.ts';
import { s3Service } from '../../packages/region/services/s3/s3-service.ts';
import { sagemakerService } from '../../packages/region/services/sagemaker/sagemaker-service.ts';
import type { Time } from '../../packages/region/virtual-time.ts';
import { installation } from '../support/installation.ts';
import { registryTableInput, registryTableName } from '../support/registry.ts';
import { accountId, region, type Services, startServices } from '../support/services.ts';

export const artifactsBucket = 'artifacts';
export const eventBus = 'tidemark-dev';

/** The local region's services that whole deployments need, over HTTP. */
export interface HostingRegion {
  readonly services: Services;
  /** Where SageMaker and CloudWatch are. */
  readonly hostingEndpoint: string;
  readonly roles: Roles;
  /** Names of the alarms there are. */
  alarms(): Promise<string[]>;
  /** Sounds an alarm without a minute of bad traffic. */
  sound(alarmName: string): Promise<void>;
  /** For files of the test. */
  readonly directory: string;
  stop(): Promise<void>;
}

/** Waits are 100 times shorter than they say, so that a deployment takes no longer than its containers do. */
export const clock = wallClock({ speed: 100 });

/** What endpoints capture is written after a minute of this. */
const hurried: Time = {
  now: Date.now,
  until: (moment, signal) => delay((moment - Date.now()) / 100, undefined, { ...(signal && { signal }) }),
};

export async function startHostingRegion(): Promise<HostingRegion> {
  const services = await startServices({
    buckets: { [artifactsBucket]: {} },
    tables: [registryTableInput],
    buses: [eventBus],
    installation: await installation(),
  });
  const directory = mkdtempSync(join(tmpdir(), 'hosting-'));
  const place = { accountId, region, roles: services.roles };
  const faults: string[] = [];
  const onFault = (fault: unknown, what: string) => faults.push(`${what}: ${String(fault)}`);
  const events = { emit: async () => undefined };
  const cloudwatch = await cloudWatchService({
    ...place,
    directory: join(directory, 'cloudwatch'),
    events,
    time: wallClock(),
    clock,
    onFault,
  });
  // Where endpoints put what they capture; jobs and models call the gateway that SageMaker is behind.
  const s3 = await s3Service({ ...place, directory: join(directory, 's3'), events, onFault });
  await s3.configureBucket(artifactsBucket, { versioned: true, eventBridge: false, objectLock: false });
  let hosting: Gateway | undefined;
  const sagemaker = await sagemakerService({
    ...place,
    directory: join(directory, 'sagemaker'),
    endpoint: () => hosting?.endpoint ?? '',
    events,
    clock,
    time: hurried,
    images: { 'answers:': ['node', 'test/deploy/answering-container.mjs'] },
    startupSeconds: 2,
    onFault,
  });
  hosting = await Gateway.start({ ...place, services: [sagemaker, cloudwatch, s3], onFault });
  const alarmClient = new CloudWatchClient({ ...services.sdkConfig, endpoint: hosting.endpoint });
  giveEnvironment(services, hosting);
  return {
    services,
    hostingEndpoint: hosting.endpoint,
    roles: place.roles,
    directory,
    async alarms() {
      const { MetricAlarms = [] } = await alarmClient.send(new DescribeAlarmsCommand({}));
      return MetricAlarms.flatMap(({ AlarmName }) => AlarmName ?? []);
    },
    async sound(AlarmName) {
      const command = new SetAlarmStateCommand({
        AlarmName,
        StateValue: 'ALARM',
        StateReason: 'The test says so.',
      });
      await alarmClient.send(command);
    },
    async stop() {
      // What endpoints captured is written while there is somebody to take it.
      await sagemaker.pause();
      await hosting.stop();
      await services.stop();
      await rm(directory, { recursive: true });
      if (faults.length > 0) throw new Error(`SageMaker had faults:\n${faults.join('\n')}`);
    },
  };
}

/** Handlers read their environment when they are loaded, as Lambda gives it. */
function giveEnvironment({ endpoint, sdkConfig }: Services, hosting: Gateway): void {
  Object.assign(process.env, {
    STAGE: 'dev',
    TABLE_NAME: registryTableName,
    DATA_BUCKET: 'data',
    ARTIFACTS_BUCKET: artifactsBucket,
    CODE_VERSION: 'test',
    SERVERLESS_MAX_CONCURRENCY: '10',
    KMS_KEY_ARN: '',
    AWS_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_SAGEMAKER: hosting.endpoint,
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: hosting.endpoint,
    AWS_ACCESS_KEY_ID: sdkConfig.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: sdkConfig.credentials.secretAccessKey,
    // The SDK's own retries would slow down what the machine retries anyway.
    AWS_MAX_ATTEMPTS: '1',
  });
}

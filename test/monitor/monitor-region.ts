import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wallClock } from '../../packages/region/clock.ts';
import { Gateway } from '../../packages/region/gateway/gateway.ts';
import type { Roles } from '../../packages/region/gateway/roles.ts';
import {
  type CloudWatchService,
  cloudWatchService,
} from '../../packages/region/services/cloudwatch/cloudwatch-service.ts';
import { integrations } from '../../packages/region/states/tasks/integrations.ts';
import { Sdk } from '../../packages/region/states/tasks/sdk.client.ts';
import { installation } from '../support/installation.ts';
import { Machine } from '../support/machine.ts';
import { registryTableInput, registryTableName } from '../support/registry.ts';
import { accountId, region, type Services, startServices } from '../support/services.ts';

export const dataBucket = 'data';
export const artifactsBucket = 'artifacts';
export const eventBus = 'tidemark-dev';

/** The local region's services that the monitor needs, over HTTP. */
export interface MonitorRegion {
  readonly services: Services;
  readonly cloudwatch: CloudWatchService;
  /** The monitor machine with its real handlers. */
  readonly machine: Machine;
  stop(): Promise<void>;
}

/** Waits between retries are 200 times shorter than they say. */
const clock = wallClock({ speed: 200 });

export async function startMonitorRegion(): Promise<MonitorRegion> {
  const services = await startServices({
    buckets: { [dataBucket]: {}, [artifactsBucket]: {} },
    tables: [registryTableInput],
    buses: [eventBus],
    installation: await installation(),
  });
  const directory = mkdtempSync(join(tmpdir(), 'monitoring-'));
  const place = { accountId, region, roles: services.roles };
  const faults: string[] = [];
  const onFault = (fault: unknown, what: string) => faults.push(`${what}: ${String(fault)}`);
  const cloudwatch = await cloudWatchService({
    ...place,
    directory: join(directory, 'cloudwatch'),
    time: clock,
    events: { emit: async () => undefined },
    onFault,
  });
  const figures = await Gateway.start({ ...place, services: [cloudwatch], onFault });
  giveEnvironment(services);
  const at = ({ endpoint, roles }: { endpoint: string; roles: Roles }) =>
    integrations(new Sdk({ roles, region, endpoint: () => endpoint }));
  const atServices = at(services);
  const atFigures = at({ endpoint: figures.endpoint, roles: place.roles });
  const machine = new Machine({
    name: 'monitor',
    eventBus,
    clock,
    directory,
    permissions: services.rolesOf('Monitor'),
    integrationFor: (resource) => (resource.service === 'cloudwatch' ? atFigures : atServices)(resource),
    handlers: {
      StartWindow: (await import('../../functions/monitor/start-window.lambda.ts')).handler,
      PlanWindow: (await import('../../functions/monitor/plan-window.lambda.ts')).handler,
      ProfileSlice: (await import('../../functions/monitor/profile-slice.lambda.ts')).handler,
      FindRepeats: (await import('../../functions/monitor/find-repeats.lambda.ts')).handler,
      JoinLabels: (await import('../../functions/monitor/join-labels.lambda.ts')).handler,
      MergeWindow: (await import('../../functions/monitor/merge-window.lambda.ts')).handler,
      JudgeWindow: (await import('../../functions/monitor/judge-window.lambda.ts')).handler,
      RecordFailure: (await import('../../functions/monitor/record-failure.lambda.ts')).handler,
    },
  });
  return {
    services,
    cloudwatch,
    machine,
    async stop() {
      await figures.stop();
      await services.stop();
      await rm(directory, { recursive: true });
      if (faults.length > 0) throw new Error(`CloudWatch had faults:\n${faults.join('\n')}`);
    },
  };
}

/** Handlers read their environment when they are loaded, as Lambda gives it. */
function giveEnvironment({ endpoint, sdkConfig }: Services): void {
  Object.assign(process.env, {
    STAGE: 'dev',
    TABLE_NAME: registryTableName,
    DATA_BUCKET: dataBucket,
    ARTIFACTS_BUCKET: artifactsBucket,
    CODE_VERSION: 'test',
    AWS_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: sdkConfig.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: sdkConfig.credentials.secretAccessKey,
    // The SDK's own retries would slow down what the machine retries anyway.
    AWS_MAX_ATTEMPTS: '1',
  });
}

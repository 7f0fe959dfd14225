import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, DeleteAlarmsCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateScheduleGroupCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wallClock } from '../../packages/region/clock.ts';
import { Gateway } from '../../packages/region/gateway/gateway.ts';
import { cloudWatchService } from '../../packages/region/services/cloudwatch/cloudwatch-service.ts';
import { schedulerService } from '../../packages/region/services/scheduler/scheduler-service.ts';
import { integrations } from '../../packages/region/states/tasks/integrations.ts';
import { Sdk } from '../../packages/region/states/tasks/sdk.client.ts';
import { installation } from '../support/installation.ts';
import { Machine } from '../support/machine.ts';
import { connectRegistry, registryTableInput, registryTableName } from '../support/registry.ts';
import { accountId, region, type Services, startServices } from '../support/services.ts';

const eventBus = 'tidemark-dev';
const group = 'tidemark-dev';
/** Waits, and the seconds of CloudWatch's quota, are so many times shorter than they say. */
const clock = wallClock({ speed: 20 });

let services: Services;
let directory: string;
let gateway: Gateway;
let machine: Machine;
let cloudwatch: CloudWatchClient;
let scheduler: SchedulerClient;
let models: Models;

beforeAll(async () => {
  services = await startServices({
    buckets: { data: {} },
    tables: [registryTableInput],
    buses: [eventBus],
    installation: await installation(),
  });
  directory = mkdtempSync(join(tmpdir(), 'onboarding-'));
  const place = { accountId, region, roles: services.roles };
  const time = { now: () => Date.now(), until: clock.until };
  const common = { ...place, time, clock, endpoint: () => gateway.endpoint };
  gateway = await Gateway.start({
    ...place,
    services: [
      await cloudWatchService({
        ...common,
        directory: join(directory, 'cloudwatch'),
        events: { emit: async () => undefined },
      }),
      await schedulerService({
        ...common,
        directory: join(directory, 'scheduler'),
        sendDeadLetter: async () => undefined,
      }),
    ],
    onFault: (fault) => {
      throw fault;
    },
  });
  const config = { ...services.sdkConfig, endpoint: gateway.endpoint };
  cloudwatch = new CloudWatchClient(config);
  scheduler = new SchedulerClient(config);
  await scheduler.send(new CreateScheduleGroupCommand({ Name: group }));
  models = new Models(connectRegistry(services));
  machine = await loadMachine();
});
afterAll(async () => {
  await gateway.stop();
  await services.stop();
  await rm(directory, { recursive: true });
});

async function loadMachine(): Promise<Machine> {
  const { sdkConfig, endpoint, roles } = services;
  const arn = (service: string, name: string) => `arn:aws:${service}:${region}:${accountId}:${name}`;
  Object.assign(process.env, {
    STAGE: 'dev',
    TABLE_NAME: registryTableName,
    DATA_BUCKET: 'data',
    ARTIFACTS_BUCKET: 'artifacts',
    CODE_VERSION: 'test',
    AWS_REGION: region,
    AWS_ENDPOINT_URL: services.endpoint,
    AWS_ACCESS_KEY_ID: sdkConfig.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: sdkConfig.credentials.secretAccessKey,
    SERVERLESS_MAX_CONCURRENCY: '1000',
    SERVERLESS_ENDPOINTS: '1000',
    ENDPOINT_INSTANCES: '{}',
    IMAGES: 'null',
    NETWORK_ISOLATION: 'always',
    TRAINING_MINUTES: '120',
    ALARM_TOPIC_ARN: arn('sns', 'tidemark-dev-alarms'),
    MONITOR_MACHINE_ARN: arn('states', 'stateMachine:tidemark-dev-monitor'),
    RETRAIN_MACHINE_ARN: arn('states', 'stateMachine:tidemark-dev-retrain'),
    SCHEDULE_GROUP: group,
    SCHEDULER_ROLE_ARN: (await installation()).roles.Schedules,
    DEAD_LETTER_QUEUE_ARN: arn('sqs', 'tidemark-dev-undelivered'),
  });
  const atServices = integrations(new Sdk({ roles, region, endpoint: () => endpoint }));
  const atGateway = integrations(new Sdk({ roles, region, endpoint: () => gateway.endpoint }));
  return new Machine({
    name: 'onboard',
    eventBus,
    clock,
    directory,
    permissions: services.rolesOf('Onboard'),
    integrationFor: (resource) => (resource.service === 'events' ? atServices : atGateway)(resource),
    handlers: {
      OnboardDefinition: (await import('../../functions/onboard/onboard-definition.lambda.ts')).handler,
      ReportFailure: (await import('../../functions/onboard/report-failure.lambda.ts')).handler,
      ListModels: (await import('../../functions/onboard/list-models.lambda.ts')).handler,
      PlanMonitoring: (await import('../../functions/onboard/plan-monitoring.lambda.ts')).handler,
    },
  });
}

/** Drops a definition and onboards it. */
async function onboard(name: string, more = ''): Promise<string> {
  const s3 = new S3Client(services.sdkConfig);
  const Key = `definitions/${name}.yaml`;
  const Body = `name: ${name}\nproblem: binary\ntarget: outcome\n${more}`;
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body }));
  const created = (await services.eventsOn('default')).find(
    ({ detail }) => Object(Object(detail).object)['version-id'] === VersionId,
  );
  return (await machine.run(created)).status;
}

async function alarmsOf(model: string): Promise<string[]> {
  const { MetricAlarms = [] } = await cloudwatch.send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: `tidemark-dev-model-${model}-` }),
  );
  return MetricAlarms.map(({ AlarmName }) => String(AlarmName));
}

async function schedulesOf(model: string): Promise<string[]> {
  const { Schedules = [] } = await scheduler.send(
    new ListSchedulesCommand({ GroupName: group, NamePrefix: `${model}-` }),
  );
  return Schedules.map(({ Name }) => String(Name));
}

const bothAlarms = (model: string) => [
  `tidemark-dev-model-${model}-drift`,
  `tidemark-dev-model-${model}-quality`,
];

describe('a model that is onboarded', () => {
  it('has its alarms and its schedule, and the registry says so', async () => {
    expect(await onboard('fresh')).toBe('SUCCEEDED');

    expect(await alarmsOf('fresh')).toEqual(bothAlarms('fresh'));
    expect(await schedulesOf('fresh')).toEqual(['fresh-monitor']);
    const { definitionHash, monitored } = await models.load('fresh');
    expect(monitored).toMatchObject({ definitionHash });
  });

  it('again, as another definition, has the alarms and schedules of that one', async () => {
    await onboard('changed');
    await onboard('changed', 'monitoring: { every: hour }\nretraining: { on: [schedule] }\n');

    const schedule = await scheduler.send(
      new GetScheduleCommand({ GroupName: group, Name: 'changed-monitor' }),
    );
    expect(schedule.ScheduleExpression).toBe('cron(0 * * * ? *)');
    expect(await schedulesOf('changed')).toEqual(['changed-monitor', 'changed-retrain']);
  });

  it('again, without monitoring, loses them', async () => {
    await onboard('quiet');
    await onboard('quiet', 'monitoring: { enabled: false }\n');

    expect(await alarmsOf('quiet')).toEqual([]);
    expect(await schedulesOf('quiet')).toEqual([]);
  });

  it('again, retired, loses them, and has them back when it is active', async () => {
    const watched = 'retraining: { on: [schedule] }\n';
    await onboard('resting', watched);

    expect(await onboard('resting', `${watched}lifecycle: retired\n`)).toBe('SUCCEEDED');
    expect([await alarmsOf('resting'), await schedulesOf('resting')]).toEqual([[], []]);
    const { definitionHash, monitored } = await models.load('resting');
    expect(monitored).toMatchObject({ definitionHash });

    await onboard('resting', watched);
    expect(await alarmsOf('resting')).toEqual(bothAlarms('resting'));
    expect(await schedulesOf('resting')).toEqual(['resting-monitor', 'resting-retrain']);
  });

  it('again, as it was, has an alarm back that somebody deleted', async () => {
    await onboard('mended');
    await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ['tidemark-dev-model-mended-drift'] }));

    await onboard('mended', '# the same\n');

    expect(await alarmsOf('mended')).toEqual(bothAlarms('mended'));
  });
});

describe('fifty models that are onboarded in the same minute', () => {
  it('all have their alarms and schedules, within CloudWatch’s three requests a second', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `many${index}`);

    const ends = await Promise.all(names.map((name) => onboard(name)));

    expect(ends.filter((status) => status !== 'SUCCEEDED')).toEqual([]);
    for (const name of names) {
      expect(await alarmsOf(name)).toEqual(bothAlarms(name));
      expect(await schedulesOf(name)).toEqual([`${name}-monitor`]);
      const { definitionHash, monitored } = await models.load(name);
      expect(monitored).toMatchObject({ definitionHash });
    }
  });
});

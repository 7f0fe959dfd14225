import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateScheduleGroupCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import type { AwsEvent } from '@tidemark/region';
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

/** The deployed onboard machine with its real handlers, on the services of the local region that it needs, over HTTP. */
export class OnboardRegion {
  readonly cloudwatch: CloudWatchClient;
  readonly models: Models;
  readonly machine: Machine;
  readonly #scheduler: SchedulerClient;
  readonly #services: Services;
  readonly #gateway: Gateway;
  readonly #directory: string;

  private constructor(services: Services, gateway: Gateway, directory: string, machine: Machine) {
    const config = { ...services.sdkConfig, endpoint: gateway.endpoint };
    this.cloudwatch = new CloudWatchClient(config);
    this.#scheduler = new SchedulerClient(config);
    this.models = new Models(connectRegistry(services));
    this.machine = machine;
    this.#services = services;
    this.#gateway = gateway;
    this.#directory = directory;
  }

  static async start(): Promise<OnboardRegion> {
    const services = await startServices({
      buckets: { data: {} },
      tables: [registryTableInput],
      buses: [eventBus],
      installation: await installation(),
    });
    const directory = mkdtempSync(join(tmpdir(), 'onboarding-'));
    const gateway = await startGateway(services, directory);
    await giveEnvironment(services);
    const machine = await loadMachine(services, gateway, directory);
    const started = new OnboardRegion(services, gateway, directory, machine);
    await started.#scheduler.send(new CreateScheduleGroupCommand({ Name: group }));
    return started;
  }

  async stop(): Promise<void> {
    await this.#gateway.stop();
    await this.#services.stop();
    await rm(this.#directory, { recursive: true });
  }

  /** Drops a definition. @returns the event that S3 sends of it */
  async drop(name: string, more = ''): Promise<AwsEvent> {
    const s3 = new S3Client(this.#services.sdkConfig);
    const Key = `definitions/${name}.yaml`;
    const Body = `name: ${name}\nproblem: binary\ntarget: outcome\n${more}`;
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body }));
    const event = (await this.#services.eventsOn('default')).find(
      ({ detail }) => Object(Object(detail).object)['version-id'] === VersionId,
    );
    if (event === undefined) throw new Error(`S3 sent no event of ${Key}`);
    return event;
  }

  /** Drops a definition and onboards it. @returns how the execution has ended */
  async onboard(name: string, more = ''): Promise<string> {
    return (await this.machine.run(await this.drop(name, more))).status;
  }

  async alarmsOf(model: string): Promise<string[]> {
    const { MetricAlarms = [] } = await this.cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNamePrefix: `tidemark-dev-model-${model}-` }),
    );
    return MetricAlarms.map(({ AlarmName }) => String(AlarmName));
  }

  async schedulesOf(model: string): Promise<string[]> {
    const { Schedules = [] } = await this.#scheduler.send(
      new ListSchedulesCommand({ GroupName: group, NamePrefix: `${model}-` }),
    );
    return Schedules.map(({ Name }) => String(Name));
  }

  async scheduleExpression(Name: string): Promise<string | undefined> {
    const command = new GetScheduleCommand({ GroupName: group, Name });
    return (await this.#scheduler.send(command)).ScheduleExpression;
  }

  /** What was published about a model, in order. */
  async events(model: string): Promise<readonly AwsEvent[]> {
    const all = await this.#services.eventsOn(eventBus);
    return all.filter(({ detail }) => Object(detail).model === model);
  }
}

async function startGateway(services: Services, directory: string): Promise<Gateway> {
  let gateway: Gateway | undefined;
  const place = { accountId, region, roles: services.roles };
  const time = { now: () => Date.now(), until: clock.until };
  const common = { ...place, time, clock, endpoint: () => gateway?.endpoint ?? '' };
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
  return gateway;
}

/** Handlers read their environment when they are loaded, as Lambda gives it. */
async function giveEnvironment({ sdkConfig, endpoint }: Services): Promise<void> {
  const arn = (service: string, name: string) => `arn:aws:${service}:${region}:${accountId}:${name}`;
  Object.assign(process.env, {
    STAGE: 'dev',
    TABLE_NAME: registryTableName,
    DATA_BUCKET: 'data',
    ARTIFACTS_BUCKET: 'artifacts',
    CODE_VERSION: 'test',
    AWS_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
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
}

async function loadMachine(services: Services, gateway: Gateway, directory: string): Promise<Machine> {
  const { endpoint, roles } = services;
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

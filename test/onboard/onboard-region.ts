import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import type { AwsEvent } from '@tidemark/region';
import { type InstalledRegion, startInstalledRegion } from '../support/installed-region.ts';
import type { Machine } from '../support/machine.ts';
import { connectRegistry } from '../support/registry.ts';

const eventBus = 'tidemark-dev';
const group = 'tidemark-dev';
/** Waits, and the seconds of CloudWatch's quota, are so many times shorter than they say. */
const speed = 20;

/** The onboard machine of the installed region, and what it makes of definitions. */
export class OnboardRegion {
  readonly cloudwatch: CloudWatchClient;
  readonly models: Models;
  readonly machine: Machine;
  readonly #scheduler: SchedulerClient;
  readonly #region: InstalledRegion;

  private constructor(region: InstalledRegion, machine: Machine) {
    this.cloudwatch = new CloudWatchClient(region.sdkConfig);
    this.#scheduler = new SchedulerClient(region.sdkConfig);
    this.models = new Models(connectRegistry(region));
    this.machine = machine;
    this.#region = region;
  }

  static async start(): Promise<OnboardRegion> {
    const region = await startInstalledRegion({
      speed,
      environment: {
        SERVERLESS_MAX_CONCURRENCY: '1000',
        SERVERLESS_ENDPOINTS: '1000',
        ENDPOINT_INSTANCES: '{}',
      },
    });
    return new OnboardRegion(region, await region.machine('Onboard'));
  }

  async stop(): Promise<void> {
    await this.#region.stop();
  }

  /** Drops a definition. @returns the event that S3 sends of it */
  async drop(name: string, more = ''): Promise<AwsEvent> {
    const s3 = new S3Client(this.#region.sdkConfig);
    const Key = `definitions/${name}.yaml`;
    const Body = `name: ${name}\nproblem: binary\ntarget: outcome\n${more}`;
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body }));
    const event = (await this.#region.eventsOn('default')).find(
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
    const all = await this.#region.eventsOn(eventBus);
    return all.filter(({ detail }) => Object(detail).model === model);
  }
}

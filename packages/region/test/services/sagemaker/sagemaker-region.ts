import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import { ECRClient } from '@aws-sdk/client-ecr';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { type Clock, wallClock } from '../../../clock.ts';
import type { ImageMap } from '../../../containers/images.ts';
import { Gateway } from '../../../gateway/gateway.ts';
import { type RoleCredentials, Roles } from '../../../gateway/roles.ts';
import type { EventSink } from '../../../gateway/service.ts';
import { unlimited } from '../../../iam/access.ts';
import { cloudWatchService } from '../../../services/cloudwatch/cloudwatch-service.ts';
import { ecrService } from '../../../services/ecr/ecr-service.ts';
import { s3Service } from '../../../services/s3/s3-service.ts';
import type { ServiceMetric } from '../../../services/sagemaker/invocation-metrics.ts';
import { type SageMakerService, sagemakerService } from '../../../services/sagemaker/sagemaker-service.ts';

export const accountId = '000000000000';
export const roleArn = `arn:aws:iam::${accountId}:role/jobs`;
export const xgboostUri = '141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1';

type EmittedEvent = Parameters<EventSink['emit']>[0];

export interface RegionOptions {
  readonly images?: ImageMap;
  readonly clock?: Clock;
  readonly serverlessIdleSeconds?: number;
  readonly startupSeconds?: number;
}

/** S3, SageMaker and ECR over HTTP on loopback, with one bucket, `bucket`. */
export class TestRegion {
  readonly s3: S3Client;
  readonly sagemaker: SageMakerClient;
  readonly runtime: SageMakerRuntimeClient;
  readonly ecr: ECRClient;
  readonly cloudwatch: CloudWatchClient;
  readonly events: EmittedEvent[] = [];
  readonly metrics: ServiceMetric[] = [];
  readonly faults: string[] = [];
  readonly #gateway: Gateway;
  readonly #service: SageMakerService;

  private constructor(
    gateway: Gateway,
    service: SageMakerService,
    readonly directory: string,
    credentials: RoleCredentials,
  ) {
    this.#gateway = gateway;
    this.#service = service;
    const config = {
      endpoint: gateway.endpoint,
      region: 'eu-west-1',
      credentials,
      maxAttempts: 1,
    };
    this.s3 = new S3Client({ ...config, forcePathStyle: true });
    this.sagemaker = new SageMakerClient(config);
    this.runtime = new SageMakerRuntimeClient(config);
    this.ecr = new ECRClient(config);
    this.cloudwatch = new CloudWatchClient(config);
  }

  /** A second start in the directory of a first one goes on with what that left. */
  static async start(options: RegionOptions = {}, former?: TestRegion): Promise<TestRegion> {
    const directory = former?.directory ?? (await mkdtemp(join(tmpdir(), 'sagemaker-')));
    const roles = new Roles(unlimited);
    const events: EventSink = { emit: async (event) => void region.events.push(event) };
    const onFault = (fault: unknown, what: string) => void region.faults.push(`${what}: ${String(fault)}`);
    const place = { accountId, region: 'eu-west-1' };
    const s3 = await s3Service({
      directory: join(directory, 's3'),
      ...place,
      events: { emit: async () => undefined },
      onFault,
    });
    await s3.configureBucket('bucket', { versioned: false, eventBridge: false, objectLock: false });
    const service = await sagemakerService({
      directory: join(directory, 'sagemaker'),
      ...place,
      endpoint: () => gateway.endpoint,
      roles,
      events,
      metrics: { put: async (metrics) => void region.metrics.push(...metrics) },
      clock: wallClock(),
      onFault,
      ...options,
    });
    const cloudwatch = await cloudWatchService({
      directory: join(directory, 'cloudwatch'),
      ...place,
      events: { emit: async () => undefined },
      time: wallClock(),
      onFault,
    });
    const services = [s3, service, ecrService(options), cloudwatch];
    const gateway = await Gateway.start({ services, roles, ...place, onFault });
    const region: TestRegion = new TestRegion(gateway, service, directory, roles.developer);
    await service.resume();
    return region;
  }

  /** Stops it, keeping what is on disk. Faults of the region fail the test. */
  async stop(): Promise<void> {
    for (const client of [this.s3, this.sagemaker, this.runtime, this.ecr, this.cloudwatch]) client.destroy();
    await this.#service.pause();
    await this.#gateway.stop();
    if (this.faults.length > 0) throw new Error(`The local region had faults:\n${this.faults.join('\n')}`);
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.directory, { recursive: true });
  }

  /** An alarm in a state of one's own. */
  async setAlarm(AlarmName: string, StateValue: StateValue): Promise<void> {
    await this.cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: 'Test',
        MetricName: 'Errors',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
    await this.cloudwatch.send(
      new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'set by a test' }),
    );
  }

  async put(key: string, body: string | Uint8Array): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: key, Body: body }));
  }

  async get(key: string): Promise<Buffer> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }
}

/** Polls until a condition holds; fails after a minute. Nothing asserts how long it took. */
export async function until<T>(look: () => Promise<T>, condition: (value: T) => boolean): Promise<T> {
  for (const deadline = Date.now() + 60_000; ; ) {
    const value = await look();
    if (condition(value)) return value;
    if (Date.now() > deadline) throw new Error(`Still ${JSON.stringify(value)} after a minute.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import type { AwsEvent } from '@tidemark/region';
import { Gateway } from '../../packages/region/gateway/gateway.ts';
import { Roles } from '../../packages/region/gateway/roles.ts';
import type { Authority } from '../../packages/region/iam/access.ts';
import { dynamoDbService } from '../../packages/region/services/dynamodb/dynamodb-service.ts';
import { eventsService } from '../../packages/region/services/events/events-service.ts';
import type { BucketConfiguration } from '../../packages/region/services/s3/bucket-configuration.ts';
import { s3Service } from '../../packages/region/services/s3/s3-service.ts';
import { sqsService } from '../../packages/region/services/sqs/sqs-service.ts';

export const region = 'eu-west-1';
export const accountId = '000000000000';

export interface ServicesOptions {
  /** Buckets to create; versioned, with EventBridge on, unless they say otherwise. */
  readonly buckets?: Readonly<Record<string, Partial<BucketConfiguration>>>;
  readonly tables?: readonly CreateTableCommandInput[];
  /** Custom event buses to create. */
  readonly buses?: readonly string[];
}

export interface Services {
  readonly endpoint: string;
  /** For any SDK client: `new S3Client(services.sdkConfig)`. */
  readonly sdkConfig: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Whose keys the endpoint knows. */
  readonly roles: Roles;
  /** Everything that came to a bus (`default`, or one of `buses`) so far. Their order is that of delivery. */
  eventsOn(bus: string): Promise<readonly AwsEvent[]>;
  stop(): Promise<void>;
}

/** The local region's S3, DynamoDB, EventBridge and SQS over real HTTP, in a temporary directory. Stop them when done. */
export async function startServices({
  buckets = {},
  tables = [],
  buses = [],
}: ServicesOptions = {}): Promise<Services> {
  const directory = await mkdtemp(join(tmpdir(), 'services-'));
  const place = { accountId, region };
  const faults: string[] = [];
  const onFault = (fault: unknown, what: string) => faults.push(`${what}: ${String(fault)}`);
  const recorded = new Map<string, AwsEvent[]>(['default', ...buses].map((bus) => [recorderArn(bus), []]));

  const sqs = await sqsService({ ...place, directory: join(directory, 'sqs') });
  const events = await eventsService({
    ...place,
    directory: join(directory, 'events'),
    targets: {
      lambda: async (arn, input) => void recorded.get(arn)?.push(JSON.parse(input)),
      sqs: sqs.deliver,
    },
    sendDeadLetter: sqs.sendDeadLetter,
    onFault,
  });
  const s3 = await s3Service({ ...place, directory: join(directory, 's3'), events, onFault });
  const dynamodb = await dynamoDbService({ ...place, onFault });
  // Stopped in this order: what emits events before what takes them.
  const roles = new Roles(noRoles);
  const gateway = await Gateway.start({
    ...place,
    services: [s3, dynamodb, events, sqs],
    roles,
    onFault,
  });
  await events.start();

  const sdkConfig = {
    endpoint: gateway.endpoint,
    region,
    credentials: roles.developer,
  };
  const unlessSaid = { versioned: true, eventBridge: true, objectLock: false };
  for (const [name, configuration] of Object.entries(buckets))
    await s3.configureBucket(name, { ...unlessSaid, ...configuration });
  await createTables(sdkConfig, tables);
  await createBuses(sdkConfig, buses);

  return {
    endpoint: gateway.endpoint,
    sdkConfig,
    roles,
    async eventsOn(bus) {
      await s3.idle();
      await events.idle();
      const onBus = recorded.get(recorderArn(bus));
      if (!onBus) throw new Error(`startServices was not asked for the bus ${bus}`);
      return onBus;
    },
    async stop() {
      await gateway.stop();
      await rm(directory, { recursive: true });
      if (faults.length > 0) throw new Error(`The local region had faults:\n${faults.join('\n')}`);
    },
  };
}

/** Only the developer has a key. */
const noRoles: Authority = {
  demand({ kind }) {
    throw new Error(`These services have no templates that say what a ${kind} may do.`);
  },
};

type SdkConfig = Services['sdkConfig'];

async function createTables(sdkConfig: SdkConfig, tables: readonly CreateTableCommandInput[]): Promise<void> {
  const client = new DynamoDBClient(sdkConfig);
  for (const table of tables) await client.send(new CreateTableCommand(table));
  client.destroy();
}

/** Creates buses, and on each of them and on the default bus a rule that records every event. */
async function createBuses(sdkConfig: SdkConfig, buses: readonly string[]): Promise<void> {
  const client = new EventBridgeClient(sdkConfig);
  for (const Name of buses) await client.send(new CreateEventBusCommand({ Name }));
  for (const EventBusName of ['default', ...buses]) {
    const EventPattern = JSON.stringify({ account: [accountId] });
    await client.send(new PutRuleCommand({ Name: 'recorder', EventBusName, EventPattern }));
    const Targets = [{ Id: 'recorder', Arn: recorderArn(EventBusName) }];
    await client.send(new PutTargetsCommand({ Rule: 'recorder', EventBusName, Targets }));
  }
  client.destroy();
}

function recorderArn(bus: string): string {
  return `arn:aws:lambda:${region}:${accountId}:function:recorder-${bus}`;
}

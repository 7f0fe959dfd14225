import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Gateway } from '../../local/gateway/gateway.ts';
import { Roles } from '../../local/gateway/roles.ts';
import type { EventSink } from '../../local/gateway/service.ts';
import { dynamoDbService } from '../../local/services/dynamodb/dynamodb-service.ts';
import type { BucketConfiguration } from '../../local/services/s3/bucket-configuration.ts';
import { s3Service } from '../../local/services/s3/s3-service.ts';

export const region = 'eu-west-1';
export const accountId = '000000000000';

export interface ServicesOptions {
  /** Buckets to create; versioned, with EventBridge on, unless they say otherwise. */
  readonly buckets?: Readonly<Record<string, Partial<BucketConfiguration>>>;
  readonly tables?: readonly CreateTableCommandInput[];
}

export interface Services {
  readonly endpoint: string;
  /** For any SDK client: `new S3Client(services.sdkConfig)`. */
  readonly sdkConfig: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** What S3 sent to the default bus, in order. */
  readonly sentEvents: readonly Parameters<EventSink['emit']>[0][];
  stop(): Promise<void>;
}

/** The local region's S3 and DynamoDB over real HTTP, in a temporary directory. Stop them when done. */
export async function startServices({ buckets = {}, tables = [] }: ServicesOptions = {}): Promise<Services> {
  const directory = await mkdtemp(join(tmpdir(), 'services-'));
  const sentEvents: Parameters<EventSink['emit']>[0][] = [];
  const faults: string[] = [];
  const onFault = (fault: unknown, what: string) => faults.push(`${what}: ${String(fault)}`);

  const s3 = await s3Service({
    directory: join(directory, 's3'),
    accountId,
    region,
    events: { emit: async (event) => void sentEvents.push(event) },
    onFault,
  });
  const dynamodb = await dynamoDbService({ accountId, region, onFault });
  const gateway = await Gateway.start({
    services: [s3, dynamodb],
    roles: new Roles(),
    region,
    accountId,
    onFault,
  });
  const sdkConfig = {
    endpoint: gateway.endpoint,
    region,
    credentials: { accessKeyId: 'developer', secretAccessKey: 'unchecked' },
  };

  const unlessSaid = { versioned: true, eventBridge: true, objectLock: false };
  for (const [name, configuration] of Object.entries(buckets))
    await s3.configureBucket(name, { ...unlessSaid, ...configuration });
  const client = new DynamoDBClient(sdkConfig);
  for (const table of tables) await client.send(new CreateTableCommand(table));
  client.destroy();

  return {
    endpoint: gateway.endpoint,
    sdkConfig,
    sentEvents,
    async stop() {
      await gateway.stop();
      await rm(directory, { recursive: true });
      if (faults.length > 0) throw new Error(`The local region had faults:\n${faults.join('\n')}`);
    },
  };
}

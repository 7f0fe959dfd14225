import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { FirehoseClient } from '@aws-sdk/client-firehose';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { STSClient } from '@aws-sdk/client-sts';
import type { ServiceName } from '../services.ts';

/** Where both implementations say they are: moto's own account. */
export const place = { region: 'eu-west-1', accountId: '123456789012' } as const;
/** A role that both have, and that may do anything. */
export const scenarioRoleArn = `arn:aws:iam::${place.accountId}:role/conformance`;

export type ImplementationName = 'moto' | 'dynamodb-local' | 'event-ruler' | 'jsonata-python';

/** An implementation with nothing in it, as its clients see it. */
export interface World {
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly events: EventBridgeClient;
  readonly states: SFNClient;
  readonly scheduler: SchedulerClient;
  readonly cloudwatch: CloudWatchClient;
  readonly firehose: FirehoseClient;
  readonly sts: STSClient;
  /** Creates a bucket with this versioning, which ours takes from templates only. */
  bucket(name: string, versioning?: 'Enabled' | 'Suspended'): Promise<void>;
  /** Creates a queue that EventBridge may send to, which in ours a policy of templates allows. Returns its URL. */
  queue(name: string): Promise<string | undefined>;
}

/** Something that answers as AWS does. */
export interface Implementation {
  /** What it is and of which version, for the report. */
  readonly title: string;
  readonly services: readonly ServiceName[];
  /** Empties it. */
  fresh(): Promise<World>;
  stop(): Promise<void>;
}

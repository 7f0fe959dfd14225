import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { place, type World } from './world.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The SDK's own clients for an endpoint, with its defaults but for retries, which would hide an error, and checksums. */
export function clientsOf(endpoint: string, credentials: Credentials): Omit<World, 'bucket' | 'queue'> {
  const config = { endpoint, credentials, region: place.region, maxAttempts: 1 };
  return {
    // Without the checksum that the SDK adds of itself, whose type moto leaves out of every answer. Scenarios ask for checksums by name.
    s3: new S3Client({ ...config, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' }),
    dynamodb: new DynamoDBClient(config),
    sqs: new SQSClient(config),
    events: new EventBridgeClient(config),
    states: new SFNClient(config),
    scheduler: new SchedulerClient(config),
    cloudwatch: new CloudWatchClient(config),
    firehose: new FirehoseClient(config),
    sts: new STSClient(config),
  };
}

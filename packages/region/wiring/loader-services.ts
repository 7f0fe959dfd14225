import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { RegionServices } from '../cloudformation/region-services.ts';
import type { ComposedServices } from './compose-services.ts';
import type { SdkConfig } from './sdk-config.ts';

/** What the loader makes resources with: AWS's own operations where they are served, the services themselves elsewhere. */
export function loaderServices(
  { s3, firehose, lambda, states, httpApis, roles }: ComposedServices,
  config: SdkConfig,
  layerModules?: string,
): RegionServices {
  return {
    endpoint: config.endpoint,
    s3,
    firehose,
    lambda,
    states,
    httpApis,
    roles,
    cloudwatch: new CloudWatchClient(config),
    dynamodb: new DynamoDBClient(config),
    events: new EventBridgeClient(config),
    scheduler: new SchedulerClient(config),
    sqs: new SQSClient(config),
    ...(layerModules !== undefined && { layerModules }),
  };
}

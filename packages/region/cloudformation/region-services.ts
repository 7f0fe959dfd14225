import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { RoleStore } from '../iam/role-store.ts';
import type { HttpApis } from '../services/apigateway/http-apis.ts';
import type { FirehoseService } from '../services/firehose/firehose-service.ts';
import type { LambdaService } from '../services/lambda/lambda-service.ts';
import type { S3Service } from '../services/s3/s3-service.ts';
import type { StatesService } from '../services/states/states-service.ts';

/** What resource types make their resources with. */
export interface RegionServices {
  /** The gateway's. */
  readonly endpoint: string;
  readonly s3: Pick<S3Service, 'configureBucket' | 'deleteBucket' | 'bucketConfiguration'>;
  readonly firehose: Pick<FirehoseService, 'putDeliveryStream' | 'deleteDeliveryStream'>;
  readonly dynamodb: DynamoDBClient;
  readonly cloudwatch: CloudWatchClient;
  readonly events: EventBridgeClient;
  readonly scheduler: SchedulerClient;
  readonly sqs: SQSClient;
  readonly states: Pick<StatesService, 'createStateMachine' | 'deleteStateMachine' | 'machineSettings'>;
  readonly lambda: Pick<LambdaService, 'createFunction' | 'deleteFunction' | 'publishVersion'>;
  readonly httpApis: HttpApis;
  readonly roles: RoleStore;
  /** A folder of modules, where functions find what layers hold in AWS. Without it no template may have a layer. */
  readonly layerModules?: string;
}

import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { SFNClient } from '@aws-sdk/client-sfn';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type { LocalRegion } from '@tidemark/region';
import { ExecutionsView } from '../progress/executions.client.ts';
import { machinesOf } from './region-map.ts';
import { RegistryView } from './registry-view.client.ts';
import { Predictor } from './replay/predictor.client.ts';
import { Uploads } from './uploads.client.ts';

/** What a person at the laptop does with the region: all of it over AWS's own protocols. */
export interface RegionClients {
  readonly executions: ExecutionsView;
  readonly registry: RegistryView;
  readonly uploads: Uploads;
  readonly objects: Objects;
  readonly runtime: SageMakerRuntimeClient;
  readonly cloudwatch: CloudWatchClient;
  readonly predictor: Predictor;
  readonly dataBucket: string;
  readonly artifactsBucket: string;
  readonly registryTable: string;
}

export function regionClients(region: LocalRegion): RegionClients {
  const { sdkConfig } = region;
  const dataBucket = output(region, 'DataBucketName');
  const registryTable = output(region, 'RegistryTableName');
  const s3 = new S3Client({ ...sdkConfig, forcePathStyle: true });
  const table = new RegistryTable(registryTable, new DynamoDBClient(sdkConfig));
  return {
    executions: new ExecutionsView(new SFNClient(sdkConfig), machinesOf(region.resources)),
    registry: new RegistryView(table),
    uploads: new Uploads(s3, dataBucket),
    objects: new Objects(s3),
    runtime: new SageMakerRuntimeClient(sdkConfig),
    cloudwatch: new CloudWatchClient(sdkConfig),
    predictor: new Predictor(new LambdaClient(sdkConfig), output(region, 'PredictFunctionName')),
    dataBucket,
    artifactsBucket: output(region, 'ArtifactsBucketName'),
    registryTable,
  };
}

/** An output of the stacks. @throws Error when the templates have none of this name: a defect. */
function output({ outputs }: LocalRegion, name: string): string {
  const value = outputs[name];
  if (value === undefined) throw new Error(`The stacks have no output ${name}.`);
  return value;
}

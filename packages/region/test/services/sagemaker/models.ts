import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  type CreateEndpointConfigCommandInput,
  CreateModelCommand,
  type CreateModelCommandInput,
  DescribeEndpointCommand,
  type DescribeEndpointCommandOutput,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, type InvokeEndpointCommandInput } from '@aws-sdk/client-sagemaker-runtime';
import { MatrixCsvReader, planTraining, trainModel, XGBoost } from '@tidemark/xgboost';
import { roleArn, type TestRegion, until, xgboostUri } from './sagemaker-region.ts';

/** An XGBoost model file, trained here to spare a test the training job. */
export async function xgboostModel(
  csv: string,
  hyperparameters: Record<string, string>,
): Promise<Uint8Array> {
  const reader = new MatrixCsvReader({ source: 'test', labelled: true });
  reader.push(Buffer.from(csv));
  reader.endSource();
  const data = { train: reader.matrix(), validation: undefined };
  return trainModel(await XGBoost.load(), planTraining(hyperparameters), data, () => undefined);
}

/** `CreateModel` for an artifact in the bucket. */
export async function createModel(
  region: TestRegion,
  name: string,
  {
    image = xgboostUri,
    key,
    ...rest
  }: Partial<CreateModelCommandInput> & { image?: string; key?: string } = {},
) {
  const PrimaryContainer = { Image: image, ...(key !== undefined && { ModelDataUrl: `s3://bucket/${key}` }) };
  const request = { ModelName: name, PrimaryContainer, ExecutionRoleArn: roleArn, ...rest };
  return region.sagemaker.send(new CreateModelCommand(request));
}

export const describeEndpoint = (region: TestRegion, name: string) =>
  region.sagemaker.send(new DescribeEndpointCommand({ EndpointName: name }));

/** Whether an endpoint is neither being created nor updated. */
export function isSettled({ EndpointStatus }: DescribeEndpointCommandOutput): boolean {
  return !['Creating', 'Updating', 'RollingBack'].includes(EndpointStatus ?? '');
}

/** The endpoint once it is settled by itself. */
export function settled(region: TestRegion, name: string): Promise<DescribeEndpointCommandOutput> {
  return until(() => describeEndpoint(region, name), isSettled);
}

/** An endpoint with a configuration of its own name, once it is settled. */
export async function createEndpoint(
  region: TestRegion,
  name: string,
  config: CreateEndpointConfigCommandInput,
) {
  await region.sagemaker.send(new CreateEndpointConfigCommand(config));
  const EndpointConfigName = config.EndpointConfigName;
  await region.sagemaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName }));
  return settled(region, name);
}

/** What an endpoint answers to a row of CSV. */
export async function invoke(
  region: TestRegion,
  name: string,
  Body: string | Uint8Array,
  rest: Partial<InvokeEndpointCommandInput> = {},
): Promise<string> {
  const command = new InvokeEndpointCommand({ EndpointName: name, ContentType: 'text/csv', Body, ...rest });
  return (await region.runtime.send(command)).Body.transformToString();
}

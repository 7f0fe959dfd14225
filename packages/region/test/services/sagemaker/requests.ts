import type {
  CreateEndpointConfigCommandInput,
  CreateTrainingJobCommandInput,
  CreateTransformJobCommandInput,
} from '@aws-sdk/client-sagemaker';
import { roleArn, xgboostUri } from './sagemaker-region.ts';

type TrainingOverrides = Partial<CreateTrainingJobCommandInput> & { readonly image?: string };

/** A training job on `s3://bucket/train/`, for one to change. */
export function trainingJob(name: string, { image = xgboostUri, ...overrides }: TrainingOverrides = {}) {
  return {
    TrainingJobName: name,
    AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: 'File' },
    HyperParameters: { num_round: '5', objective: 'binary:logistic' },
    RoleArn: roleArn,
    InputDataConfig: [channel('train')],
    OutputDataConfig: { S3OutputPath: 's3://bucket/models' },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    ...overrides,
  } satisfies CreateTrainingJobCommandInput;
}

export function channel(name: string, uri = `s3://bucket/${name}/`) {
  return {
    ChannelName: name,
    ContentType: 'text/csv',
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix' as const, S3Uri: uri } },
  };
}

export function instanceConfig(name: string, model: string): CreateEndpointConfigCommandInput {
  return {
    EndpointConfigName: name,
    ProductionVariants: [
      { VariantName: 'primary', ModelName: model, InstanceType: 'ml.m5.large', InitialInstanceCount: 2 },
    ],
  };
}

export function serverlessConfig(
  name: string,
  model: string,
  MaxConcurrency = 5,
): CreateEndpointConfigCommandInput {
  return {
    EndpointConfigName: name,
    ProductionVariants: [
      {
        VariantName: 'primary',
        ModelName: model,
        ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency },
      },
    ],
  };
}

export function transformJob(
  name: string,
  model: string,
  overrides: Partial<CreateTransformJobCommandInput> = {},
) {
  return {
    TransformJobName: name,
    ModelName: model,
    BatchStrategy: 'MultiRecord',
    TransformInput: {
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://bucket/holdout/features.csv' } },
      ContentType: 'text/csv',
      SplitType: 'Line',
    },
    TransformOutput: { S3OutputPath: 's3://bucket/scores', AssembleWith: 'Line' },
    TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
    ...overrides,
  } satisfies CreateTransformJobCommandInput;
}

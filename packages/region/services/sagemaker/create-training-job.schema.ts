import * as z from 'zod';
import {
  entityName,
  environment,
  imageUri,
  inputCompression,
  instanceType,
  kmsKeyId,
  roleArn,
  s3DataType,
  s3Uri,
  tags,
  vpcConfig,
} from './members.schema.ts';

/** 28 days. */
const LONGEST_RUNTIME_SECONDS = 2_419_200;

const inputMode = z.enum(['Pipe', 'File', 'FastFile']);

const algorithmSpecification = z.strictObject({
  TrainingImage: imageUri,
  TrainingInputMode: inputMode,
  MetricDefinitions: z
    .array(z.strictObject({ Name: z.string().min(1).max(255), Regex: z.string().min(1).max(500) }))
    .max(40)
    .optional(),
  EnableSageMakerMetricsTimeSeries: z.boolean().optional(),
});

const channel = z.strictObject({
  ChannelName: z
    .string()
    .regex(/^[A-Za-z0-9.\-_]{1,64}$/, 'Letters, digits, dots, hyphens, underscores; 64 at most.'),
  DataSource: z.strictObject({
    S3DataSource: z.strictObject({
      S3DataType: s3DataType,
      S3Uri: s3Uri,
      S3DataDistributionType: z.enum(['FullyReplicated', 'ShardedByS3Key']).optional(),
    }),
  }),
  ContentType: z.string().max(256).optional(),
  CompressionType: inputCompression.optional(),
  RecordWrapperType: z.enum(['None', 'RecordIO']).optional(),
  InputMode: inputMode.optional(),
});

/** `CreateTrainingJob`, as far as the local region serves it. */
export const createTrainingJobSchema = z.strictObject({
  TrainingJobName: entityName,
  HyperParameters: z
    .record(z.string().max(256), z.string().max(2500))
    .refine((map) => Object.keys(map).length <= 100, 'More than 100 hyperparameters.')
    .optional(),
  AlgorithmSpecification: algorithmSpecification,
  RoleArn: roleArn,
  InputDataConfig: z.array(channel).min(1).max(20).optional(),
  OutputDataConfig: z.strictObject({
    S3OutputPath: s3Uri,
    KmsKeyId: kmsKeyId.optional(),
    CompressionType: z.enum(['GZIP', 'NONE']).optional(),
  }),
  ResourceConfig: z.strictObject({
    InstanceType: instanceType,
    InstanceCount: z.int().min(1),
    VolumeSizeInGB: z.int().min(0).optional(),
    VolumeKmsKeyId: kmsKeyId.optional(),
  }),
  VpcConfig: vpcConfig.optional(),
  StoppingCondition: z.strictObject({
    MaxRuntimeInSeconds: z.int().min(1).max(LONGEST_RUNTIME_SECONDS).optional(),
    MaxWaitTimeInSeconds: z.int().min(1).optional(),
  }),
  Tags: tags.optional(),
  EnableNetworkIsolation: z.boolean().optional(),
  EnableInterContainerTrafficEncryption: z.boolean().optional(),
  EnableManagedSpotTraining: z.boolean().optional(),
  Environment: environment(100, 512).optional(),
  RetryStrategy: z.strictObject({ MaximumRetryAttempts: z.int().min(1).max(30) }).optional(),
});

export type CreateTrainingJobRequest = z.infer<typeof createTrainingJobSchema>;

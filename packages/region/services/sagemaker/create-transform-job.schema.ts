import * as z from 'zod';
import {
  entityName,
  environment,
  inputCompression,
  instanceType,
  kmsKeyId,
  s3DataType,
  s3Uri,
  sagemakerModelName,
  tags,
} from './members.schema.ts';

/** `CreateTransformJob`, as far as the local region serves it. */
export const createTransformJobSchema = z.strictObject({
  TransformJobName: entityName,
  ModelName: sagemakerModelName,
  MaxConcurrentTransforms: z.int().min(0).optional(),
  ModelClientConfig: z
    .strictObject({
      InvocationsTimeoutInSeconds: z.int().min(1).max(3600).optional(),
      InvocationsMaxRetries: z.int().min(0).max(3).optional(),
    })
    .optional(),
  MaxPayloadInMB: z.int().min(0).max(100).optional(),
  BatchStrategy: z.enum(['MultiRecord', 'SingleRecord']).optional(),
  Environment: environment(16, 10_240).optional(),
  TransformInput: z.strictObject({
    DataSource: z.strictObject({
      S3DataSource: z.strictObject({
        S3DataType: s3DataType,
        S3Uri: s3Uri,
      }),
    }),
    ContentType: z.string().max(256).optional(),
    CompressionType: inputCompression.optional(),
    SplitType: z.enum(['None', 'Line', 'RecordIO', 'TFRecord']).optional(),
  }),
  TransformOutput: z.strictObject({
    S3OutputPath: s3Uri,
    Accept: z.string().max(256).optional(),
    AssembleWith: z.enum(['None', 'Line']).optional(),
    KmsKeyId: kmsKeyId.optional(),
  }),
  TransformResources: z.strictObject({
    InstanceType: instanceType,
    InstanceCount: z.int().min(1),
    VolumeKmsKeyId: kmsKeyId.optional(),
  }),
  Tags: tags.optional(),
});

export type CreateTransformJobRequest = z.infer<typeof createTransformJobSchema>;

import * as z from 'zod';
import {
  environment,
  imageUri,
  roleArn,
  s3Uri,
  sagemakerModelName,
  tags,
  vpcConfig,
} from './members.schema.ts';

const container = z.strictObject({
  ContainerHostname: z.string().max(63).optional(),
  Image: imageUri,
  Mode: z.literal('SingleModel').optional(),
  ModelDataUrl: s3Uri.optional(),
  Environment: environment(100, 1024).optional(),
});

/** `CreateModel`, as far as the local region serves it: one container. */
export const createModelSchema = z.strictObject({
  ModelName: sagemakerModelName,
  PrimaryContainer: container.optional(),
  Containers: z.array(container).max(15).optional(),
  ExecutionRoleArn: roleArn,
  Tags: tags.optional(),
  VpcConfig: vpcConfig.optional(),
  EnableNetworkIsolation: z.boolean().optional(),
});

export type CreateModelRequest = z.infer<typeof createModelSchema>;
export type ContainerDefinition = z.infer<typeof container>;

import * as z from 'zod';
import { dataCaptureSchema } from './data-capture.schema.ts';
import { entityName, instanceType, kmsKeyId, sagemakerModelName, tags } from './members.schema.ts';

/** What it accepts, `DescribeEndpoint` returns: fleets keep it whole. */
export const serverlessConfig = z.strictObject({
  MemorySizeInMB: z.int(),
  MaxConcurrency: z.int().min(1).max(200),
});

const productionVariant = z.strictObject({
  VariantName: entityName,
  ModelName: sagemakerModelName,
  InitialInstanceCount: z.int().min(1).optional(),
  InstanceType: instanceType.optional(),
  InitialVariantWeight: z.number().min(0).optional(),
  ServerlessConfig: serverlessConfig.optional(),
  VolumeSizeInGB: z.int().min(1).max(512).optional(),
  ModelDataDownloadTimeoutInSeconds: z.int().min(60).max(3600).optional(),
  ContainerStartupHealthCheckTimeoutInSeconds: z.int().min(60).max(3600).optional(),
});

/** `CreateEndpointConfig`, as far as the local region serves it. */
export const createEndpointConfigSchema = z.strictObject({
  EndpointConfigName: entityName,
  ProductionVariants: z.array(productionVariant).min(1).max(10),
  DataCaptureConfig: dataCaptureSchema.optional(),
  Tags: tags.optional(),
  KmsKeyId: kmsKeyId.optional(),
});

export type CreateEndpointConfigRequest = z.infer<typeof createEndpointConfigSchema>;
export type ProductionVariant = z.infer<typeof productionVariant>;

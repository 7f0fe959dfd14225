import * as z from 'zod';
import { serverlessConfig } from './create-endpoint-config.schema.ts';
import { dataCaptureSchema } from './data-capture.schema.ts';
import { deploymentConfigSchema } from './deployment-config.schema.ts';
import { tags } from './members.schema.ts';

/** Statuses that an endpoint can have here. */
export const endpointStatus = z.enum([
  'Creating',
  'InService',
  'Updating',
  'RollingBack',
  'UpdateRollbackFailed',
  'Failed',
  'Deleting',
]);

/** One variant of a fleet, with all that starting its container takes: models and configurations may be deleted. */
const fleetVariant = z.object({
  name: z.string(),
  weight: z.number(),
  instanceCount: z.number().optional(),
  serverless: serverlessConfig.optional(),
  startupSeconds: z.number(),
  image: z.string(),
  resolvedImage: z.string(),
  resolved: z.number(),
  modelDataUrl: z.string().optional(),
  environment: z.record(z.string(), z.string()),
  roleArn: z.string(),
  isolated: z.boolean(),
});

/** The containers that an endpoint configuration stands for. */
export const fleetSchema = z.object({
  configName: z.string(),
  variants: z.array(fleetVariant),
  /** How its traffic is captured, if it is. */
  capture: dataCaptureSchema.optional(),
});

const variantStatus = z.object({
  status: z.enum(['Creating', 'Updating', 'Deleting', 'ActivatingTraffic', 'Baking']),
  message: z.string(),
  started: z.number(),
});

/** An endpoint on disk. Times are milliseconds since the epoch. */
export const endpointRecordSchema = z.object({
  name: z.string(),
  arn: z.string(),
  tags,
  status: endpointStatus,
  failureReason: z.string().optional(),
  created: z.number(),
  modified: z.number(),
  /** What serves, or is being created. */
  fleet: fleetSchema,
  lastDeployment: deploymentConfigSchema.optional(),
  /** The update under way. */
  pending: z
    .object({
      fleet: fleetSchema,
      deployment: deploymentConfigSchema.optional(),
      started: z.number(),
      /** Percent of the traffic that the new fleet takes. */
      share: z.number(),
      variantStatus: variantStatus.optional(),
    })
    .optional(),
});

export type EndpointRecord = z.infer<typeof endpointRecordSchema>;
export type EndpointStatus = z.infer<typeof endpointStatus>;
export type FleetSpec = z.infer<typeof fleetSchema>;
export type FleetVariant = z.infer<typeof fleetVariant>;
export type VariantStatus = z.infer<typeof variantStatus>;

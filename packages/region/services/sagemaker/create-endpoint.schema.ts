import * as z from 'zod';
import { deploymentConfigSchema } from './deployment-config.schema.ts';
import { entityName, tags } from './members.schema.ts';

/** `CreateEndpoint`, as far as the local region serves it. */
export const createEndpointSchema = z.strictObject({
  EndpointName: entityName,
  EndpointConfigName: entityName,
  DeploymentConfig: deploymentConfigSchema.optional(),
  Tags: tags.optional(),
});

/** `UpdateEndpoint`, as far as the local region serves it. */
export const updateEndpointSchema = z.strictObject({
  EndpointName: entityName,
  EndpointConfigName: entityName,
  RetainAllVariantProperties: z.literal(false).optional(),
  DeploymentConfig: deploymentConfigSchema.optional(),
  RetainDeploymentConfig: z.boolean().optional(),
});

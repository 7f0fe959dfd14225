import * as z from 'zod';
import { createEndpointConfigSchema } from './create-endpoint-config.schema.ts';
import { tags } from './members.schema.ts';

/** An endpoint configuration on disk. Times are milliseconds since the epoch. */
export const endpointConfigSchema = z.object({
  arn: z.string(),
  request: createEndpointConfigSchema.omit({ Tags: true }),
  tags,
  created: z.number(),
});

export type EndpointConfig = z.infer<typeof endpointConfigSchema>;

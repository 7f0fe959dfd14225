import * as z from 'zod';
import { resourceType } from '../resource-type.ts';

/** A query that people find in CloudWatch's console. Its properties are checked; there is no CloudWatch Logs to run it. */
export const logsQueryDefinition = resourceType({
  type: 'AWS::Logs::QueryDefinition',
  properties: {
    Name: z.string().min(1).max(255),
    QueryString: z.string().min(1).max(10_000),
    LogGroupNames: z.array(z.string().min(1).max(512)).default([]),
  },
  async apply(_, { name }) {
    const ref = name({ maximum: 256 });
    return { ref, attributes: { QueryDefinitionId: ref } };
  },
});

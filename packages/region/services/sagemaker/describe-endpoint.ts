import * as z from 'zod';
import { parseInput } from '../../gateway/parse-input.ts';
import { arnOf, type Context } from './context.ts';
import { endpointDescription as describe } from './endpoint-description.ts';
import { couldNotFind } from './errors.ts';
import { entityName } from './members.schema.ts';

const inputSchema = z.strictObject({ EndpointName: entityName });

/** `DescribeEndpoint` */
export function describeEndpoint(context: Context) {
  return async (input: unknown) => {
    const { EndpointName: name } = parseInput('sagemaker:DescribeEndpoint', inputSchema, input);
    const endpoint = await context.tables.endpoints.get(name);
    if (!endpoint) throw couldNotFind('endpoint', arnOf(context, 'endpoint', name));
    return describe(endpoint);
  };
}

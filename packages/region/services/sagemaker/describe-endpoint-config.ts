import * as z from 'zod';
import { seconds } from '../../epoch-seconds.ts';
import { parseInput } from '../../gateway/parse-input.ts';
import { arnOf, type Context } from './context.ts';
import { couldNotFind } from './errors.ts';
import { entityName } from './members.schema.ts';

const inputSchema = z.strictObject({ EndpointConfigName: entityName });

/** `DescribeEndpointConfig` */
export function describeEndpointConfig(context: Context) {
  return async (input: unknown) => {
    const { EndpointConfigName: name } = parseInput('sagemaker:DescribeEndpointConfig', inputSchema, input);
    const config = await context.tables.endpointConfigs.get(name);
    if (!config) throw couldNotFind('endpoint configuration', arnOf(context, 'endpoint-config', name));
    return { ...config.request, EndpointConfigArn: config.arn, CreationTime: seconds(config.created) };
  };
}

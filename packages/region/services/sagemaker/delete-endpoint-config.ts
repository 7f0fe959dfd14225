import * as z from 'zod';
import { parseInput } from '../../gateway/parse-input.ts';
import { arnOf, type Context } from './context.ts';
import { couldNotFind } from './errors.ts';
import { entityName } from './members.schema.ts';
import { emitStateChange } from './state-change-event.ts';

const inputSchema = z.strictObject({ EndpointConfigName: entityName });

/** `DeleteEndpointConfig`. Endpoints that use the configuration go on. */
export function deleteEndpointConfig(context: Context) {
  return async (input: unknown) => {
    const { EndpointConfigName: name } = parseInput('sagemaker:DeleteEndpointConfig', inputSchema, input);
    const arn = arnOf(context, 'endpoint-config', name);
    if (!(await context.tables.endpointConfigs.remove(name)))
      throw couldNotFind('endpoint configuration', arn);
    await emitStateChange(context, 'Endpoint Config', arn, {
      EndpointConfigName: name,
      EndpointConfigArn: arn,
    });
    return {};
  };
}

import * as z from 'zod';
import { parseInput } from '../../gateway/parse-input.ts';
import { arnOf, type Context } from './context.ts';
import type { EndpointRecord } from './endpoint-record.schema.ts';
import type { EndpointStates } from './endpoint-states.ts';
import { couldNotFind, validationError } from './errors.ts';
import { entityName } from './members.schema.ts';

const inputSchema = z.strictObject({ EndpointName: entityName });

/** `DeleteEndpoint` */
export function deleteEndpoint(context: Context, endpoints: EndpointStates) {
  return async (input: unknown) => {
    const { EndpointName: name } = parseInput('sagemaker:DeleteEndpoint', inputSchema, input);
    const deleting = await endpoints.change(name, (endpoint) => {
      checkDeletable(endpoint);
      return { ...endpoint, status: 'Deleting' };
    });
    if (!deleting) throw couldNotFind('endpoint', arnOf(context, 'endpoint', name));
    endpoints.remove(deleting);
    return {};
  };
}

function checkDeletable({ arn, status }: EndpointRecord): void {
  if (['InService', 'Failed', 'UpdateRollbackFailed'].includes(status)) return;
  throw validationError(`Cannot update in-progress endpoint "${arn}".`);
}

import { parseInput } from '../../gateway/parse-input.ts';
import { arnOf, type Context } from './context.ts';
import { updateEndpointSchema } from './create-endpoint.schema.ts';
import { checkDeploymentConfig, checkReplacement } from './deployment-rules.ts';
import type { EndpointRecord } from './endpoint-record.schema.ts';
import type { EndpointStates } from './endpoint-states.ts';
import { couldNotFind, validationError } from './errors.ts';
import { fleetSpec } from './fleet-spec.ts';

/** `UpdateEndpoint`: blue/green, and back by itself when the new fleet is not healthy or an alarm sounds. */
export function updateEndpoint(context: Context, endpoints: EndpointStates) {
  return async (input: unknown) => {
    const request = parseInput('sagemaker:UpdateEndpoint', updateEndpointSchema, input);
    const name = request.EndpointName;
    const endpoint = await context.tables.endpoints.get(name);
    if (!endpoint) throw couldNotFind('endpoint', arnOf(context, 'endpoint', name));
    checkUpdatable(endpoint);
    const fleet = await fleetSpec(context, request.EndpointConfigName);
    const retained = request.RetainDeploymentConfig ? endpoint.lastDeployment : undefined;
    const deployment = request.DeploymentConfig ?? retained;
    if (deployment) checkDeploymentConfig(deployment, fleet);
    checkReplacement(endpoint.fleet, fleet, deployment !== undefined);
    const pending = { fleet, deployment, started: context.clock.now(), share: 0 };
    const updated = await endpoints.change(endpoint.name, (current) => {
      // Another update may have come first.
      checkUpdatable(current);
      return { ...current, status: 'Updating', failureReason: undefined, pending };
    });
    if (updated) endpoints.update(updated);
    return { EndpointArn: endpoint.arn };
  };
}

function checkUpdatable({ arn, status }: EndpointRecord): void {
  if (status === 'InService' || status === 'UpdateRollbackFailed') return;
  if (status === 'Failed')
    throw validationError(`Cannot update the failed endpoint "${arn}"; it can only be deleted.`);
  throw validationError(`Cannot update in-progress endpoint "${arn}".`);
}

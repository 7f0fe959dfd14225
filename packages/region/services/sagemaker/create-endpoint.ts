import { parseInput } from '../../gateway/parse-input.ts';
import { arnOf, type Context } from './context.ts';
import { createEndpointSchema } from './create-endpoint.schema.ts';
import { checkDeploymentConfig } from './deployment-rules.ts';
import type { EndpointRecord } from './endpoint-record.schema.ts';
import type { EndpointStates } from './endpoint-states.ts';
import { alreadyExists } from './errors.ts';
import { fleetSpec } from './fleet-spec.ts';
import { emitStateChange, endpointDetail } from './state-change-event.ts';

/** `CreateEndpoint` */
export function createEndpoint(context: Context, endpoints: EndpointStates) {
  return async (input: unknown) => {
    const request = parseInput('sagemaker:CreateEndpoint', createEndpointSchema, input);
    const { EndpointName: name, DeploymentConfig: deployment, Tags: tags = [] } = request;
    const arn = arnOf(context, 'endpoint', name);
    const fleet = await fleetSpec(context, request.EndpointConfigName);
    if (deployment) checkDeploymentConfig(deployment, fleet);
    const now = context.clock.now();
    const endpoint: EndpointRecord = {
      name,
      arn,
      tags,
      status: 'Creating',
      created: now,
      modified: now,
      fleet,
      ...(deployment && { lastDeployment: deployment }),
    };
    if (!(await context.tables.endpoints.add(name, endpoint))) throw alreadyExists('endpoint', arn);
    await emitStateChange(context, 'Endpoint', arn, endpointDetail(endpoint));
    endpoints.create(endpoint);
    return { EndpointArn: arn };
  };
}

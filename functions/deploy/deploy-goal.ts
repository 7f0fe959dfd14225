import type { Endpoint } from '@tidemark/domain/endpoints/endpoint.ts';
import type { EndpointPlan } from './endpoint-plan.ts';
import type { Goal, Rollout } from './rollout.schema.ts';

/** The goal of a deployment: the endpoint has the version's configuration and answers as the version did. */
export function deployGoal(plan: EndpointPlan, version: number, mayReplace: boolean): Goal {
  const { endpointName, endpointConfigName, kind, deploymentConfig, limitSeconds } = plan;
  return {
    purpose: 'deploy',
    endpointName,
    endpointConfigName,
    kind,
    version,
    mayReplace,
    deploymentConfig: deploymentConfig === null ? null : { ...deploymentConfig },
    limitSeconds,
  };
}

/**
 * What a deployment may have to go back to; `null` when the endpoint serves nothing, or serves what the deployment itself put
 * there.
 */
export function formerConfiguration(
  endpoint: Endpoint | null,
  { endpointConfigName: own }: Pick<EndpointPlan, 'endpointConfigName'>,
  begunBefore: boolean,
): Rollout['before'] {
  if (endpoint === null || endpoint.status === 'Failed' || endpoint.status === 'Deleting') return null;
  const { endpointConfigName, kind } = endpoint;
  if (begunBefore && endpointConfigName === own) return null;
  return { endpointConfigName, kind };
}

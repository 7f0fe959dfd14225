import type { Endpoint } from '@tidemark/domain/endpoints/endpoint.ts';
import { versionOfConfig } from '@tidemark/domain/endpoints/endpoint-config-name.ts';
import type { ModelRecord } from '@tidemark/domain/registry/records.schema.ts';

/** Which version answers at a model's endpoint, as far as it can be known beforehand. */
export type Serving =
  /** This one. */
  | { readonly kind: 'settled'; readonly version: number }
  /** One of these, request by request: the endpoint is being changed, or was changed by other hands. */
  | { readonly kind: 'changing'; readonly versions: readonly number[] }
  | { readonly kind: 'none'; readonly message: string };

/** What an endpoint can have while it answers. */
const answering: readonly Endpoint['status'][] = [
  'InService',
  'Updating',
  'SystemUpdating',
  'RollingBack',
  'UpdateRollbackFailed',
];

/**
 * Settled is what registry and endpoint agree on while no deployment has the model. Otherwise any version may answer that the
 * endpoint has, gets or should have.
 */
export function decideServing(
  { model, liveVersion, lease }: Pick<ModelRecord, 'model' | 'liveVersion' | 'lease'>,
  endpoint: Endpoint | null,
): Serving {
  if (liveVersion === null) {
    return {
      kind: 'none',
      message: `No version of ${model} is live yet. Feed it data and wait for deployment.succeeded.`,
    };
  }
  if (endpoint === null || !answering.includes(endpoint.status)) {
    const state = endpoint === null ? 'is gone' : `is ${endpoint.status}`;
    return {
      kind: 'none',
      message: `The endpoint of ${model} ${state}. Start the deploy workflow with { "model": "${model}", "version": ${liveVersion} }, which restores it.`,
    };
  }
  const { status, endpointConfigName, pendingConfigName } = endpoint;
  const has = versionOfConfig(endpointConfigName);
  const gets = pendingConfigName === null ? null : versionOfConfig(pendingConfigName);
  const atRest = status === 'InService' && pendingConfigName === null && lease?.purpose !== 'deploy';
  if (atRest && has === liveVersion) return { kind: 'settled', version: liveVersion };
  const versions = [has, gets, liveVersion].filter((version) => version !== null);
  return { kind: 'changing', versions: [...new Set(versions)] };
}

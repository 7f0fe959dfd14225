import type { CaughtError } from '@tidemark/domain/executions/caught-error.schema.ts';
import type { VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import { returnLimitSeconds } from './endpoint-plan.ts';
import { removalGoal } from './lifecycle-decision.ts';
import type { Goal, Rollout } from './rollout.schema.ts';

/**
 * What the endpoint goes back to when a deployment fails: the live version, to be proven; else what was there before; else, and when
 * the model was retired meanwhile, no endpoint at all.
 * @param live the version that the registry's pointer names now; `null` if none.
 */
export function rollbackGoal(
  { version, endpointName, before }: Rollout,
  live: Pick<VersionRecord, 'version' | 'served' | 'deployment'> | null,
  failure: CaughtError,
): Goal {
  if (wasRetired(failure)) return { ...removalGoal(endpointName), purpose: 'roll-back' };
  const common = {
    purpose: 'roll-back',
    endpointName,
    // What serves is unproven or broken, so replacing it loses nothing; SageMaker offers no other way from instances back
    // to serverless.
    mayReplace: true,
    // Back at once: the configuration has served before.
    deploymentConfig: null,
  } as const;
  // A live version that was deployed again has nothing to go back to but what was there.
  if (live?.served && live.version !== version) {
    const { kind } = live.deployment;
    return {
      ...common,
      endpointConfigName: live.served.endpointConfigName,
      kind,
      version: live.version,
      limitSeconds: returnLimitSeconds(kind),
    };
  }
  return {
    ...common,
    endpointConfigName: before?.endpointConfigName ?? null,
    kind: before?.kind ?? null,
    version: null,
    limitSeconds: returnLimitSeconds(before?.kind ?? null),
  };
}

/** Whether a deployment ended because its model was retired: see `ModelRetiredError`. */
export function wasRetired({ Error: name }: CaughtError): boolean {
  return name === 'ModelRetiredError';
}

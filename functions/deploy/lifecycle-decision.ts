import type { ModelRecord } from '@tidemark/domain/registry/records.schema.ts';
import { isRetired, retiredSentence } from '@tidemark/domain/registry/retired-model.ts';
import { returnLimitSeconds } from './endpoint-plan.ts';
import type { Goal } from './rollout.schema.ts';

/** What the endpoint of a model needs to be what the model's lifecycle says. */
export type LifecycleDecision =
  | { readonly kind: 'remove'; readonly message: string }
  | { readonly kind: 'restore'; readonly version: number }
  /** It is, as far as the registry knows. */
  | { readonly kind: 'nothing'; readonly message: string };

/**
 * Decides by what the model is now and not by what an event said that led here: so events may come late, twice and in any order, and
 * the endpoint ends as the newest definition has it. To be asked while the model is the caller's.
 */
export function decideLifecycle(
  facts: Pick<ModelRecord, 'model' | 'definition' | 'liveVersion' | 'restoreVersion'>,
  endpointName: string,
): LifecycleDecision {
  const { model, liveVersion, restoreVersion } = facts;
  if (isRetired(facts)) {
    return { kind: 'remove', message: `${retiredSentence(model)} Deleting the endpoint ${endpointName}.` };
  }
  if (liveVersion !== null) {
    return { kind: 'nothing', message: `${model} is active, and version ${liveVersion} is live.` };
  }
  if (restoreVersion) return { kind: 'restore', version: restoreVersion };
  return { kind: 'nothing', message: `${model} is active, and no version of it was live before.` };
}

/** The goal of taking an endpoint away, and of a deployment whose model is retired meanwhile. */
export function removalGoal(endpointName: string): Goal & { readonly purpose: 'remove' } {
  return {
    purpose: 'remove',
    endpointName,
    endpointConfigName: null,
    kind: null,
    version: null,
    mayReplace: true,
    deploymentConfig: null,
    // Deleting takes minutes; what SageMaker does to an endpoint by itself meanwhile takes longest with instances.
    limitSeconds: returnLimitSeconds('instance'),
  };
}

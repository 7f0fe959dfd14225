import { runIdOf } from '@tidemark/domain/names.ts';

/**
 * A deployment renews its lease with every look at the endpoint, so this only has to outlast the longest time between two: a
 * proof of 5 minutes that is retried three times. Much longer, and a model whose execution was stopped could not be deployed
 * for as long.
 */
export const leaseSeconds = 1800;

/** An execution's own name on a lease: two deployments of one version must not take each other for themselves. */
export function rolloutOwner(executionArn: string): string {
  return `deployment-${runIdOf(executionArn)}`;
}

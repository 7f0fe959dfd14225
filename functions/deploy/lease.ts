import { runIdOf } from '../names.ts';
import type { Lease } from '../registry/records.schema.ts';

/**
 * A deployment renews its lease with every look at the endpoint, so this only has to outlast the longest time between two: a
 * proof of 5 minutes that is retried three times. Much longer, and a model whose execution was stopped could not be deployed
 * for as long.
 */
export const leaseSeconds = 1800;

/** Whom `train` hands the lease to when it approves a version. */
export function approvedVersionOwner(version: number): string {
  return `version-${version}`;
}

/** An execution's own name on a lease: two deployments of one version must not take each other for themselves. */
export function deploymentOwner(executionArn: string): string {
  return `deployment-${runIdOf(executionArn)}`;
}

/** Who has the model and until when, as a sentence. */
export function holderSentence(model: string, holder: Lease | null): string {
  if (holder === null) return `Somebody else has just released ${model}.`;
  const who =
    holder.purpose === 'train' ? `The training run ${holder.owner}` : `Another deployment (${holder.owner})`;
  return `${who} holds ${model} until ${holder.until} at the latest.`;
}

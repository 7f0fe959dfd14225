import type { Definition } from '../definition/definition.schema.ts';
import type { Lease } from '../registry/records.schema.ts';
import { trainingTimeoutSeconds, transformTimeoutSeconds } from './run-limits.ts';

/** A run's name on a lease. */
export function runOwner(runId: string): string {
  return `run-${runId}`;
}

/** Whom the lease is handed to when a version is approved; `deploy` takes it up under this name. */
export function approvedVersionOwner(version: number): string {
  return `version-${version}`;
}

/**
 * `deploy` takes the lease over within seconds of `version.approved`. Should EventBridge be late, half an hour keeps another
 * run from comparing with a champion that is about to be replaced.
 */
export const handedOverSeconds = 1800;

/** Prepare, evaluate and register may take 15 minutes each, and be retried once; the rest is for waits in between. */
const besidesJobsSeconds = 2 * 3 * 900;

/** A quota that is used up is waited for before training and before each of the parallel transforms: see `train.asl.json`. */
const quotaWaitsSeconds = 2 * 1020;

/**
 * How long a run may hold its model: everything that the state machine allows it, one after the other. A run that ends frees
 * the lease itself, so this only bounds what a vanished execution can block.
 */
export function runLeaseSeconds(definition: Definition): number {
  return (
    trainingTimeoutSeconds(definition) + transformTimeoutSeconds + quotaWaitsSeconds + besidesJobsSeconds
  );
}

/** Who has the model and until when, as a sentence. */
export function holderSentence(model: string, holder: Lease | null): string {
  if (holder === null) return `Somebody else has just released ${model}.`;
  const who = holder.purpose === 'train' ? 'The training run' : 'The deployment';
  return `${who} ${holder.owner} holds ${model} until ${holder.until} at the latest.`;
}

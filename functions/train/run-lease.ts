import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import type { Lease } from '@tidemark/domain/registry/records.schema.ts';
import { trainingTimeoutSeconds, transformTimeoutSeconds } from './run-limits.ts';

/** A run's name on a lease. */
export function runOwner(runId: string): string {
  return `run-${runId}`;
}

/** The run that has a lease; `undefined`: none, or a deployment has it. */
export function runOf(lease: Pick<Lease, 'owner'> | null): string | undefined {
  return /^run-(.+)$/.exec(lease?.owner ?? '')?.[1];
}

/**
 * `deploy` takes the lease over within seconds of `version.approved`. Should EventBridge be late, half an hour keeps another
 * run from comparing with a champion that is about to be replaced.
 */
export const handedOverSeconds = 1800;

/** Prepare, keep-model, evaluate and register may take 15 minutes each, and be retried once; the rest is for waits in between. */
const besidesJobsSeconds = 2 * 4 * 900;

/**
 * A quota that is used up, or a rate, is waited for before training and before the transforms, which run side by side: 72 times up to six
 * minutes.
 */
const quotaWaitsSeconds = 2 * 72 * 360;

/** Lambda may have no capacity for each of the four: 12 retries, after 2, 4, 8, 16, 32 and then 60 s; see `state-machines/retry-policies.json`. */
const capacityWaitsSeconds = 4 * 482;

/**
 * How long a run may hold its model: everything that the state machine allows it, one after the other. A run that ends frees
 * the lease itself, so this only bounds what a vanished execution can block.
 */
export function runLeaseSeconds(definition: Definition): number {
  return (
    trainingTimeoutSeconds(definition) +
    transformTimeoutSeconds +
    quotaWaitsSeconds +
    besidesJobsSeconds +
    capacityWaitsSeconds
  );
}

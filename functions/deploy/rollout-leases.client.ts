import type { Claims } from '@tidemark/domain/registry/claims.client.ts';
import { eventDelivery } from '@tidemark/domain/registry/claims.ts';
import { approvedVersionOwner, type LeaseDecision } from '@tidemark/domain/registry/leases.ts';
import type { Hold, LeaseHolder } from '@tidemark/domain/registry/with-lease.client.ts';
import {
  eventIdOfOrder,
  type LifecycleOrder,
  type RolloutOrder,
  type RolloutRequest,
} from './rollout.schema.ts';
import { leaseSeconds, rolloutOwner } from './rollout-lease.ts';

const wanted = { purpose: 'deploy', seconds: leaseSeconds } as const;

/** The execution's name on the model's lease, and the names that it answers for besides. */
export function leaseHolderOf(request: RolloutRequest, executionArn: string): LeaseHolder {
  const owner = rolloutOwner(executionArn);
  switch (request.by) {
    case 'event':
      return { model: request.model, owner, heirOf: [approvedVersionOwner(request.version)] };
    case 'recovery':
      return { model: request.order.model, owner, heirOf: [rolloutOwner(request.executionArn)] };
    default:
      return { model: request.model, owner };
  }
}

/**
 * EventBridge may deliver an event twice; the second execution has nothing to do.
 * @returns which other execution took it; `undefined`: none, or no event led here
 */
export async function takenElsewhere(
  claims: Claims,
  order: RolloutOrder | LifecycleOrder,
  executionArn: string,
): Promise<string | undefined> {
  const eventId = eventIdOfOrder(order);
  if (eventId === null) return undefined;
  const delivery = eventDelivery(eventId);
  const claim = await claims.take({ capability: 'deploy', delivery, owner: executionArn }, new Date());
  if (claim.kind === 'taken') return undefined;
  return `The execution ${claim.owner} took this event at ${claim.claimedAt}.`;
}

/** Takes over what `train` handed to an approved version; otherwise the lease as anybody takes it. */
export async function takeToDeploy(hold: Hold, order: RolloutOrder, now: Date): Promise<LeaseDecision> {
  if (order.by === 'event') {
    const handed = await takeFrom(hold, approvedVersionOwner(order.version), now);
    if (handed.kind === 'granted') return handed;
  }
  return take(hold, now, async () => order.interruptTraining);
}

/**
 * A retired model does not wait for a training, whose version would not be deployed: the run finds the lease gone and ends. It waits
 * for a deployment, which may be changing the endpoint and gives up at its next look.
 */
export function takeToFollow(
  hold: Hold,
  now: Date,
  isModelRetired: () => Promise<boolean>,
): Promise<LeaseDecision> {
  return take(hold, now, isModelRetired);
}

/** Takes the lease over from an owner that needs it no more. */
export function takeFrom(hold: Hold, former: string, now: Date): Promise<LeaseDecision> {
  return hold.takeFrom(former, wanted, now);
}

/** @param mayInterrupt whether a training that has the lease loses it */
async function take(hold: Hold, now: Date, mayInterrupt: () => Promise<boolean>): Promise<LeaseDecision> {
  const acquired = await hold.acquire(wanted, now);
  const holder = acquired.kind === 'refused' ? acquired.holder : null;
  if (holder?.purpose !== 'train' || !(await mayInterrupt())) return acquired;
  return takeFrom(hold, holder.owner, now);
}

import type { Leases } from '../registry/leases.client.ts';
import { approvedVersionOwner, type LeaseDecision, type LeaseRequest } from '../registry/leases.ts';
import type { DeploymentOrder } from './deployment.schema.ts';
import { leaseSeconds } from './lease.ts';

/** The lease of a model, as `deploy` takes it from others. */
export class DeployLeases {
  readonly #leases: Leases;

  constructor(leases: Leases) {
    this.#leases = leases;
  }

  /** Takes over what `train` handed to an approved version; otherwise the lease as anybody takes it. */
  async takeToDeploy(order: DeploymentOrder, owner: string, now: Date): Promise<LeaseDecision> {
    const { model, version } = order;
    if (order.by === 'event') {
      const handed = await this.takeFrom(approvedVersionOwner(version), model, owner, now);
      if (handed.kind === 'granted') return handed;
    }
    return this.#take(model, owner, now, async () => order.interruptTraining);
  }

  /**
   * A retired model does not wait for a training, whose version would not be deployed: the run finds the lease gone and ends. It waits
   * for a deployment, which may be changing the endpoint and gives up at its next look.
   */
  takeToFollow(
    model: string,
    owner: string,
    now: Date,
    isModelRetired: () => Promise<boolean>,
  ): Promise<LeaseDecision> {
    return this.#take(model, owner, now, isModelRetired);
  }

  /** Takes the lease over from an owner that needs it no more. */
  takeFrom(former: string, model: string, owner: string, now: Date): Promise<LeaseDecision> {
    return this.#leases.handOver(model, former, wanted(owner), now);
  }

  async release(model: string, owner: string): Promise<void> {
    await this.#leases.release(model, owner);
  }

  /** @param mayInterrupt whether a training that has the lease loses it */
  async #take(
    model: string,
    owner: string,
    now: Date,
    mayInterrupt: () => Promise<boolean>,
  ): Promise<LeaseDecision> {
    const acquired = await this.#leases.acquire(model, wanted(owner), now);
    const holder = acquired.kind === 'refused' ? acquired.holder : null;
    if (holder?.purpose !== 'train' || !(await mayInterrupt())) return acquired;
    return this.takeFrom(holder.owner, model, owner, now);
  }
}

function wanted(owner: string): LeaseRequest {
  return { owner, purpose: 'deploy', seconds: leaseSeconds };
}

import * as z from 'zod';
import { ConflictError } from '../errors.ts';
import { keys } from './keys.ts';
import {
  decideAcquire,
  decideHandOver,
  decideRelease,
  decideRenew,
  type LeaseDecision,
  type LeaseRequest,
  type ReleaseDecision,
} from './leases.ts';
import { ModelNotFoundError } from './models.client.ts';
import { type Lease, leaseSchema } from './records.schema.ts';
import { RegistryConflictError, type RegistryTable } from './table.client.ts';

/**
 * How often a decision is repeated because the lease changed between reading and writing it. Each loss means that another
 * writer won, and at most a handful of executions want one model's lease; more than that is not contention but a fault.
 */
const maximumAttempts = 10;

/** The lease kept changing under this caller's hands. A state machine retries it. */
export class LeaseContendedError extends ConflictError {
  override readonly name = 'LeaseContendedError';
}

const leaseHolderSchema = z.object({ lease: leaseSchema.nullable() });

/** The lease of each model: decided by `leases.ts`, written only if it is still what the decision was made on. */
export class Leases {
  readonly #table: RegistryTable;

  constructor(table: RegistryTable) {
    this.#table = table;
  }

  /** Takes the model's lease if it is free, expired or the caller's already. @throws ModelNotFoundError */
  acquire(model: string, request: LeaseRequest, now: Date): Promise<LeaseDecision> {
    return this.#grant(model, (current) => decideAcquire(current, request, now));
  }

  /** Extends the caller's lease; refused once another has it or it was released. @throws ModelNotFoundError */
  renew(model: string, request: Pick<LeaseRequest, 'owner' | 'seconds'>, now: Date): Promise<LeaseDecision> {
    return this.#grant(model, (current) => decideRenew(current, request, now));
  }

  /** Passes the lease on, as from `run-<runId>` to `version-<n>`. @throws ModelNotFoundError */
  handOver(model: string, from: string, to: LeaseRequest, now: Date): Promise<LeaseDecision> {
    return this.#grant(model, (current) => decideHandOver(current, from, to, now));
  }

  /** Frees the lease if it is one of these owners'; safe to repeat. @throws ModelNotFoundError */
  release(model: string, ...owners: readonly string[]): Promise<ReleaseDecision> {
    return this.#settle(model, async (current) => {
      const decision = decideRelease(current, owners);
      return decision.kind === 'released' ? this.#swap(model, current, null, decision) : decision;
    });
  }

  #grant(model: string, decide: (current: Lease | null) => LeaseDecision): Promise<LeaseDecision> {
    return this.#settle(model, async (current) => {
      const decision = decide(current);
      return decision.kind === 'granted' ? this.#swap(model, current, decision.lease, decision) : decision;
    });
  }

  /** Reads the lease and lets `act` decide and write; again if another writer came between. */
  async #settle<D>(model: string, act: (current: Lease | null) => Promise<D | 'lease-changed'>): Promise<D> {
    for (let attempt = 1; attempt <= maximumAttempts; attempt += 1) {
      const holder = await this.#table.get(keys.meta(model), leaseHolderSchema);
      if (!holder) throw new ModelNotFoundError(model);
      const outcome = await act(holder.lease);
      if (outcome !== 'lease-changed') return outcome;
    }
    throw new LeaseContendedError(
      `The lease of ${model} changed ${maximumAttempts} times while this execution tried to change it. Try again in a moment.`,
    );
  }

  async #swap<D>(
    model: string,
    seen: Lease | null,
    next: Lease | null,
    decision: D,
  ): Promise<D | 'lease-changed'> {
    const unchanged = leaseUnchanged(seen);
    try {
      await this.#table.update(
        {
          Key: keys.meta(model),
          UpdateExpression: 'SET #lease = :next',
          ConditionExpression: unchanged.condition,
          ExpressionAttributeNames: { '#lease': 'lease', ...unchanged.names },
          ExpressionAttributeValues: { ':next': next, ...unchanged.values },
        },
        leaseHolderSchema,
      );
      return decision;
    } catch (error) {
      if (error instanceof RegistryConflictError) return 'lease-changed';
      throw error;
    }
  }
}

/** A condition with the names and values it uses; merge all three into a write of META. */
export interface LeaseCondition {
  readonly condition: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, string | null>>;
}

/** For a transaction of yours that writes META: only while `owner` has the lease, so that a straggler cannot write late. */
export function leaseHeldBy(owner: string): LeaseCondition {
  return {
    condition: '#lease.#leaseOwner = :leaseOwner',
    names: { '#lease': 'lease', '#leaseOwner': 'owner' },
    values: { ':leaseOwner': owner },
  };
}

/** For a write of META: only if the lease is what was read. */
export function leaseUnchanged(seen: Lease | null): LeaseCondition {
  if (seen === null) {
    return { condition: '#lease = :noLease', names: { '#lease': 'lease' }, values: { ':noLease': null } };
  }
  const held = leaseHeldBy(seen.owner);
  return {
    condition: `${held.condition} AND #lease.#leaseUntil = :leaseUntil`,
    names: { ...held.names, '#leaseUntil': 'until' },
    values: { ...held.values, ':leaseUntil': seen.until },
  };
}

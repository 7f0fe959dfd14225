import type { Leases } from './leases.client.ts';
import type { LeaseDecision, LeaseRequest } from './leases.ts';
import { ModelNotFoundError } from './models.client.ts';

/** Whose lease of which model. */
export interface LeaseHolder {
  readonly model: string;
  /** The execution's own name on a lease. */
  readonly owner: string;
  /** Names that the execution answers for besides: what was handed to it and it has not taken yet. */
  readonly heirOf?: readonly string[];
}

/** An answer after which the execution keeps the lease. Only `Hold.keep` makes one. */
export class Kept<A> {
  readonly answer: A;

  constructor(answer: A) {
    this.answer = answer;
  }
}

/** The only way to a lease for a function: what it takes here is given back by `withLease` unless it keeps it. */
export class Hold {
  readonly #leases: Leases;
  readonly #holder: LeaseHolder;
  /** Gives back what this attempt has taken; none: it has taken nothing. */
  #giveBack: (() => Promise<unknown>) | undefined;

  constructor(leases: Leases, holder: LeaseHolder) {
    this.#leases = leases;
    this.#holder = holder;
  }

  /** Takes the lease if it is free, expired or the execution's already. */
  async acquire(request: Omit<LeaseRequest, 'owner'>, now: Date): Promise<LeaseDecision> {
    const { model, owner } = this.#holder;
    const decision = await this.#leases.acquire(model, { ...request, owner }, now);
    if (decision.kind === 'granted') this.#giveBack = () => this.#leases.release(model, owner);
    return decision;
  }

  /** Takes the lease over from another owner. A failure gives it back to that one, so that no other takes it before the next attempt. */
  async takeFrom(former: string, request: Omit<LeaseRequest, 'owner'>, now: Date): Promise<LeaseDecision> {
    const { model, owner } = this.#holder;
    const decision = await this.#leases.handOver(model, former, { ...request, owner }, now);
    if (decision.kind === 'granted') {
      this.#giveBack = () => this.#leases.handOver(model, owner, { ...request, owner: former }, now);
    }
    return decision;
  }

  /**
   * The execution keeps the lease: it is held by a running execution, which renews, passes on or frees it. An error of `begin`
   * leaves it to the next attempt: what had been begun may be on record, and must not lose its lease.
   */
  async keep<A>(begin: () => Promise<A> | A): Promise<Kept<A>> {
    this.#giveBack = undefined;
    return new Kept(await begin());
  }

  /** Frees the lease if it is in any of the execution's names. */
  async free(): Promise<void> {
    const { model, owner, heirOf = [] } = this.#holder;
    try {
      await this.#leases.release(model, owner, ...heirOf);
    } catch (error) {
      if (!(error instanceof ModelNotFoundError)) throw error;
    }
  }

  /** Gives back what this attempt has taken, if the registry can be reached: the next attempt begins as this one did. */
  async undo(): Promise<void> {
    try {
      await this.#giveBack?.();
    } catch {
      // What was thrown first says what is wrong. The state machine tries again, and gives the lease back when it gives up.
    }
  }
}

/**
 * Runs `act`, which may take the model's lease. Whatever way it ends, no lease is left behind: an answer frees the lease, also one that an
 * earlier attempt of this execution has taken; an error gives back what this attempt has taken; only `hold.keep` leaves it with the execution.
 */
export async function withLease<A>(
  leases: Leases,
  holder: LeaseHolder,
  act: (hold: Hold) => Promise<A | Kept<A>>,
): Promise<A> {
  const hold = new Hold(leases, holder);
  let outcome: A | Kept<A>;
  try {
    outcome = await act(hold);
  } catch (error) {
    await hold.undo();
    throw error;
  }
  if (outcome instanceof Kept) return outcome.answer;
  await hold.free();
  return outcome;
}

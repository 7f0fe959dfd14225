import { ConflictError } from '../errors.ts';
import type { Lease } from './records.schema.ts';

/** Another execution has taken the model: this one must not write its version, its pointer or its endpoint any more. */
export class LeaseLostError extends ConflictError {
  override readonly name = 'LeaseLostError';
}

/** Who wants a lease, for what, and for how long from now. */
export interface LeaseRequest {
  /** `run-<runId>`, `version-<n>` (handed over, not yet taken) or `deployment-<id of the execution>`. */
  readonly owner: string;
  readonly purpose: Lease['purpose'];
  readonly seconds: number;
}

export type LeaseDecision =
  | { readonly kind: 'granted'; readonly lease: Lease; readonly because: 'free' | 'expired' | 'own' }
  | { readonly kind: 'refused'; readonly holder: Lease | null };

export type ReleaseDecision =
  | { readonly kind: 'released' }
  /** Released before, or expired and taken by `holder`: either way not the caller's to release. */
  | { readonly kind: 'not-held'; readonly holder: Lease | null };

/** Whether the lease binds anybody at `now`. At the instant `until` it no longer does. */
export function isHeld(lease: Lease | null, now: Date): lease is Lease {
  return lease !== null && now.getTime() < Date.parse(lease.until);
}

/** Grants a lease that is free, has expired or is the caller's own, so that a retry of the same request is granted again. */
export function decideAcquire(current: Lease | null, request: LeaseRequest, now: Date): LeaseDecision {
  const lease = leaseFrom(request, now);
  if (current?.owner === request.owner) return { kind: 'granted', lease, because: 'own' };
  if (isHeld(current, now)) return { kind: 'refused', holder: current };
  return { kind: 'granted', lease, because: current === null ? 'free' : 'expired' };
}

/**
 * Extends the caller's own lease, even one that has expired if no other took it meanwhile. Never takes a free one: an execution that
 * lost its lease must not continue as if it had held it all along.
 */
export function decideRenew(
  current: Lease | null,
  { owner, seconds }: Pick<LeaseRequest, 'owner' | 'seconds'>,
  now: Date,
): LeaseDecision {
  if (current?.owner !== owner) return { kind: 'refused', holder: current };
  const lease = leaseFrom({ owner, purpose: current.purpose, seconds }, now);
  return { kind: 'granted', lease, because: 'own' };
}

/**
 * Passes the lease from `from` to `to` with no moment in between at which another could take it. A repeat, after the
 * hand-over is done, is granted again.
 */
export function decideHandOver(
  current: Lease | null,
  from: string,
  to: LeaseRequest,
  now: Date,
): LeaseDecision {
  if (current?.owner !== from && current?.owner !== to.owner) return { kind: 'refused', holder: current };
  return { kind: 'granted', lease: leaseFrom(to, now), because: 'own' };
}

/** Frees the lease if it is in one of the caller's names. */
export function decideRelease(current: Lease | null, owners: readonly string[]): ReleaseDecision {
  return current !== null && owners.includes(current.owner)
    ? { kind: 'released' }
    : { kind: 'not-held', holder: current };
}

/** The lease that a request asks for, from `now` on. */
export function leaseFrom({ owner, purpose, seconds }: LeaseRequest, now: Date): Lease {
  return { owner, purpose, until: new Date(now.getTime() + seconds * 1000).toISOString() };
}

/** Whom `train` hands the lease to when it approves a version, and from whom `deploy` takes it. */
export function approvedVersionOwner(version: number): string {
  return `version-${version}`;
}

/** Who has the model and until when, as a sentence. */
export function holderSentence(model: string, holder: Lease | null): string {
  if (holder === null) return `Another execution has just released ${model}.`;
  const who = holder.purpose === 'train' ? 'The training run' : 'The deployment';
  return `${who} ${holder.owner} holds ${model} until ${holder.until} at the latest.`;
}

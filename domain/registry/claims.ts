import { createHash } from 'node:crypto';
import type { ClaimRecord } from './records.schema.ts';

/**
 * How long a delivery is remembered. EventBridge retries for 1 day at most and Step Functions redrives an execution for 14:
 * after 15 days nothing that belongs to the delivery can come again.
 */
export const deliveryMemorySeconds = 15 * 24 * 3600;

/** An at-least-once delivery that an execution wants to be the only one to handle. */
export interface Claim {
  /** Capability that handles it; two capabilities may each handle the same delivery. */
  readonly capability: string;
  /** What was delivered, so that repeats are the same text and nothing else is: see `objectDelivery`, `eventDelivery`. */
  readonly delivery: string;
  /** ARN of the execution: `$states.context.Execution.Id`, which a redrive keeps. */
  readonly owner: string;
}

/** One version of an object. S3 may announce it twice, and in any order with other versions. */
export function objectDelivery(object: { bucket: string; key: string; versionId: string }): string {
  return `s3://${object.bucket}/${object.key}?versionId=${object.versionId}`;
}

/** A domain event, by its `eventId`. */
export function eventDelivery(eventId: string): string {
  return `event:${eventId}`;
}

/**
 * The part of the key that names the delivery. A hash, because an object's key (1,024 bytes) and version (1,024) may
 * together exceed DynamoDB's 2,048 bytes of partition key.
 */
export function claimIdOf({ capability, delivery }: Pick<Claim, 'capability' | 'delivery'>): string {
  return `${capability}#${createHash('sha256').update(delivery).digest('hex')}`;
}

/** The item that holds a claim taken at `now`. */
export function claimRecord(claim: Claim, now: Date): ClaimRecord {
  return {
    capability: claim.capability,
    delivery: claim.delivery,
    owner: claim.owner,
    claimedAt: now.toISOString(),
    expiresAt: epochSeconds(now) + deliveryMemorySeconds,
  };
}

/** Whole seconds since 1970, the unit of DynamoDB's TTL. */
export function epochSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}

import { type Claim, claimIdOf, claimRecord, epochSeconds } from './claims.ts';
import { keys } from './keys.ts';
import { claimRecordSchema } from './records.schema.ts';
import { RegistryConflictError, type RegistryTable } from './table.client.ts';

export type ClaimOutcome =
  /** The caller is the one to handle the delivery; also when it had taken it before. */
  | { readonly kind: 'taken' }
  /** Another execution handles it, or has: there is nothing to do. */
  | { readonly kind: 'already-taken'; readonly owner: string; readonly claimedAt: string };

/** At-least-once deliveries, each handled by one execution. */
export class Claims {
  readonly #table: RegistryTable;

  constructor(table: RegistryTable) {
    this.#table = table;
  }

  /**
   * Takes the delivery for its owner unless another execution has it. Safe to repeat: a retried function, or a redrive of an
   * execution that failed after it claimed, is the same owner and takes it again.
   */
  async take(claim: Claim, now: Date): Promise<ClaimOutcome> {
    const key = keys.claim(claimIdOf(claim));
    try {
      await this.#table.put({
        Item: { ...key, ...claimRecord(claim, now) },
        // TTL deletes late, so an expired item may still be there.
        ConditionExpression: 'attribute_not_exists(pk) OR #owner = :owner OR expiresAt <= :now',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': claim.owner, ':now': epochSeconds(now) },
      });
      return { kind: 'taken' };
    } catch (error) {
      if (!(error instanceof RegistryConflictError)) throw error;
      const holder = await this.#table.get(key, claimRecordSchema);
      // Deleted by TTL between the two calls: the caller retries and gets it.
      if (!holder) throw error;
      return { kind: 'already-taken', owner: holder.owner, claimedAt: holder.claimedAt };
    }
  }
}

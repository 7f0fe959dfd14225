import { InvariantError, unreachable } from '@tidemark/domain/errors.ts';
import type { Models } from '@tidemark/domain/registry/models.client.ts';
import { RegistryConflictError } from '@tidemark/domain/registry/table.client.ts';
import { parseArrivalKey } from './arrival-key.ts';
import { type Batches, type Claimant, keyDelivery, type NewBatch } from './batches.client.ts';
import { type Arrival, type ArrivalDecision, decideArrival } from './claim.ts';

/** What became of an arrival. */
export type Taken =
  | { readonly kind: 'nothing'; readonly message: string }
  | { readonly kind: 'waits-for-model'; readonly model: string; readonly message: string }
  | { readonly kind: 'in-batch'; readonly model: string; readonly batchId: string; readonly step: BatchStep };

/** What a batch needs next; `seconds` of quiet are waited for. */
export type BatchStep =
  | { readonly next: 'wait'; readonly seconds: number }
  | { readonly next: 'collect' | 'validate' };

/** A state machine retries with pauses; this many times the facts are loaded again at once. */
const maximumAttempts = 5;

/** Takes arrivals into batches. */
export class Arrivals {
  readonly #models: Models;
  readonly #batches: Batches;

  constructor(models: Models, batches: Batches) {
    this.#models = models;
    this.#batches = batches;
  }

  /** Takes one version of an object, once. Safe to repeat. @throws RegistryConflictError when many arrive at the same time */
  async take(arrival: Arrival, executionArn: string): Promise<Taken> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#tryToTake(arrival, executionArn);
      } catch (error) {
        if (!(error instanceof RegistryConflictError) || attempt === maximumAttempts) throw error;
      }
    }
  }

  async #tryToTake(arrival: Arrival, executionArn: string): Promise<Taken> {
    const key = parseArrivalKey(arrival.object.key);
    const [record, claim, open] = await Promise.all([
      this.#models.find(key.model),
      this.#batches.claimOn(keyDelivery(arrival.object)),
      this.#batches.batches(key.model),
    ]);
    const definition = record?.definition;
    const decision = decideArrival({ arrival, key, definition, claim, batches: open, executionArn });
    if (decision.kind === 'nothing') return decision;
    if (decision.kind === 'wait-for-model') {
      return { kind: 'waits-for-model', model: key.model, message: decision.message };
    }
    if (definition === undefined) throw new InvariantError(`${key.model} has no definition.`);
    if (decision.kind === 'go-on') return await this.#goOn(key.model, decision.batchId, executionArn);
    const by = { model: key.model, executionArn, now: new Date() };
    const batchId = await this.#apply(decision, arrival, { definition, folder: null }, by);
    return { kind: 'in-batch', model: key.model, batchId, step: await this.stepOf(key.model, batchId) };
  }

  /** A batch that was closed by another execution is continued by that one. */
  async #goOn(model: string, batchId: string, executionArn: string): Promise<Taken> {
    const batch = await this.#batches.find(model, batchId);
    if (batch && batch.closedBy !== executionArn)
      return { kind: 'nothing', message: `${batch.closedBy} has closed ${batchId}, and continues with it.` };
    return { kind: 'in-batch', model, batchId, step: await this.stepOf(model, batchId) };
  }

  async #apply(
    decision: Exclude<ArrivalDecision, { kind: 'nothing' | 'wait-for-model' | 'go-on' }>,
    arrival: Arrival,
    batch: NewBatch,
    by: Claimant,
  ): Promise<string> {
    switch (decision.kind) {
      case 'join':
        await this.#batches.join(arrival, decision.batchId, by);
        return decision.batchId;
      case 'open':
        return this.#batches.open(arrival, by);
      case 'own-batch':
        return this.#batches.closeWith(arrival, batch, by);
      case 'collect':
        return this.#batches.collectFor(arrival, { ...batch, folder: decision.folder }, by);
      default:
        return unreachable(decision);
    }
  }

  /** What the batch needs next: an open one quiet, a closed one validation. */
  async stepOf(model: string, batchId: string): Promise<BatchStep> {
    const batch = await this.#batches.find(model, batchId);
    if (batch) return { next: batch.status === 'collecting' ? 'collect' : 'validate' };
    const { definition } = await this.#models.load(model);
    return { next: 'wait', seconds: definition.ingestion.quietSeconds };
  }
}

import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { unreachable } from '@tidemark/domain/errors.ts';
import { isRetired, reactivationRemedy, retiredSentence } from '@tidemark/domain/registry/retired-model.ts';
import { type ArrivalKey, folderOf, isMarker } from './arrival-key.ts';
import type { ArrivalClaim, BatchesRecord } from './batch.schema.ts';

/** An object version that S3 announced. */
export interface Arrival {
  readonly object: ObjectPin;
  readonly size: number;
  /** Comparable: see `comparableSequencer`. */
  readonly sequencer: string;
}

export interface ArrivalFacts {
  readonly arrival: Arrival;
  readonly key: ArrivalKey;
  /** The model's definition, if there is such a model. */
  readonly definition: Definition | undefined;
  readonly claim: ArrivalClaim | undefined;
  readonly batches: BatchesRecord | undefined;
  readonly executionArn: string;
}

/** What an arrival leads to. */
export type ArrivalDecision =
  | { readonly kind: 'nothing'; readonly message: string }
  | { readonly kind: 'wait-for-model'; readonly message: string }
  /** This execution has taken it before: it continues with that batch. */
  | { readonly kind: 'go-on'; readonly batchId: string }
  | { readonly kind: 'join'; readonly batchId: string }
  /** There is no open batch to join. */
  | { readonly kind: 'open' }
  | { readonly kind: 'own-batch' }
  | { readonly kind: 'collect'; readonly folder: string };

/** Decides what becomes of an arrival. */
export function decideArrival(facts: ArrivalFacts): ArrivalDecision {
  const { key, definition } = facts;
  const objectKey = facts.arrival.object.key;
  if (key.kind === 'misplaced' || definition === undefined) return waitForModel(key, objectKey);
  const { complete, marker } = definition.ingestion;
  const completes = complete === 'marker' && isMarker(objectKey, marker);
  if (key.kind === 'hidden' && !completes) {
    return {
      kind: 'nothing',
      message: `${objectKey} is not data: a folder, or a name that begins with _ or a dot.`,
    };
  }
  if (complete === 'marker' && !completes) {
    return {
      kind: 'nothing',
      message: `${objectKey} waits for ${marker} in its folder or one above: the definition asks for that marker.`,
    };
  }
  return repeated(facts) ?? waitForActivity(facts, definition) ?? newlyArrived(facts, definition);
}

/** A retired model takes nothing, and loses nothing. */
function waitForActivity(
  { arrival, key: { model } }: ArrivalFacts,
  definition: Definition,
): ArrivalDecision | undefined {
  if (!isRetired({ definition })) return undefined;
  const message = `${arrival.object.key} stays where it is. ${retiredSentence(model)} ${reactivationRemedy(model)} The file is then taken up automatically.`;
  return { kind: 'wait-for-model', message };
}

function waitForModel(key: ArrivalKey, objectKey: string): ArrivalDecision {
  if (key.kind === 'hidden')
    return { kind: 'nothing', message: `${objectKey} is not data, and no model takes it.` };
  const why = key.kind === 'misplaced' ? key.why : `There is no model called ${key.model}.`;
  const remedy =
    key.kind === 'misplaced'
      ? 'Move it to incoming/<model>/ under a shorter or deeper name.'
      : `Drop definitions/${key.model}.yaml and it is taken up automatically, or move it to the folder of the model that it is for.`;
  return { kind: 'wait-for-model', message: `${objectKey} stays where it is. ${why} ${remedy}` };
}

/** S3 may announce a version twice, and versions in any order. */
function repeated({ arrival, claim, executionArn }: ArrivalFacts): ArrivalDecision | undefined {
  if (claim === undefined) return undefined;
  const { key, versionId } = arrival.object;
  if (claim.versionId === versionId) {
    if (claim.owner === executionArn) return { kind: 'go-on', batchId: claim.batchId };
    return { kind: 'nothing', message: `${key} was taken by ${claim.owner} for ${claim.batchId} already.` };
  }
  if (arrival.sequencer > claim.sequencer) return undefined;
  return {
    kind: 'nothing',
    message: `${key} has been overwritten since: version ${claim.versionId} is newer.`,
  };
}

function newlyArrived({ arrival, batches }: ArrivalFacts, { ingestion }: Definition): ArrivalDecision {
  switch (ingestion.complete) {
    case 'marker':
      return { kind: 'collect', folder: folderOf(arrival.object.key) };
    case 'each-file':
      return { kind: 'own-batch' };
    case 'quiet-period':
      return batches?.openBatch === undefined
        ? { kind: 'open' }
        : { kind: 'join', batchId: batches.openBatch };
    default:
      return unreachable(ingestion.complete);
  }
}

import type { Definition, Target } from '@tidemark/domain/definition/definition.schema.ts';
import type { UnplacedFinding } from '@tidemark/domain/definition/definition-finding.ts';
import { compareSequencers } from '@tidemark/domain/events/sequencer.ts';
import { hashOfClass } from '@tidemark/domain/registry/class-hash.ts';
import { isHeld } from '@tidemark/domain/registry/leases.ts';
import type { ModelRecord } from '@tidemark/domain/registry/records.schema.ts';
import { isRetired } from '@tidemark/domain/registry/retired-model.ts';

/** A definition that was read without problems, and which version of its file that was. */
export interface Candidate {
  readonly definition: Definition;
  readonly hash: string;
  readonly sequencer: string;
}

/** What a changed definition does to the model's lifecycle. */
export type Transition = 'none' | 'retires' | 'reactivates';

export type OnboardingDecision =
  | { readonly kind: 'create' }
  | {
      readonly kind: 'update';
      readonly seen: ModelRecord;
      /** Predicts something else than before, which is allowed only while no version relies on it. */
      readonly meansOtherwise: boolean;
      readonly transition: Transition;
    }
  /** Says what the registry says. Its place in the order of versions is kept all the same: see `Onboardings.keepPlace`. */
  | { readonly kind: 'unchanged'; readonly seen: ModelRecord }
  | { readonly kind: 'stale' }
  | { readonly kind: 'refused'; readonly findings: readonly UnplacedFinding[] };

/** Which class of two counts as yes for the version that is relied on, as `hashOfClass` has it; `null` if it is not known. */
export type PositiveHash = string | null;

/**
 * What a definition means for the registry. The newest version of the file counts, in whatever order versions are announced.
 *
 * What a model predicts (`problem`, `target`) is fixed once somebody relies on it: while a version is live, callers would get
 * other answers under the same name, and a new version could not be compared with the live one; while one is being trained
 * or deployed, it would go live beside a definition that it was not trained for.
 */
export function decideOnboarding(
  seen: ModelRecord | undefined,
  candidate: Candidate,
  now: Date,
  positiveHash: PositiveHash = null,
): OnboardingDecision {
  if (!seen) return { kind: 'create' };
  if (compareSequencers(candidate.sequencer, seen.definitionSequencer) < 0) return { kind: 'stale' };
  if (candidate.hash === seen.definitionHash) return { kind: 'unchanged', seen };
  const changes = changesOfMeaning(seen.definition, candidate.definition, positiveHash);
  const transition = transitionOf(seen, candidate);
  if (changes.length === 0) return { kind: 'update', seen, meansOtherwise: false, transition };
  const reliance = relianceOn(seen, now);
  if (!reliance) return { kind: 'update', seen, meansOtherwise: true, transition };
  return { kind: 'refused', findings: changes.map((change) => refusal(change, reliance)) };
}

function transitionOf(seen: ModelRecord, candidate: Candidate): Transition {
  const [was, willBe] = [isRetired(seen), isRetired(candidate)];
  if (was === willBe) return 'none';
  return willBe ? 'retires' : 'reactivates';
}

interface Reliance {
  readonly why: string;
  readonly remedy: string;
}

function relianceOn(
  { model, liveVersion, restoreVersion, lease }: ModelRecord,
  now: Date,
): Reliance | undefined {
  const newName = `Give the new model a name of its own, such as ${model.slice(0, 29)}-2, and put it in a file of that name`;
  if (liveVersion !== null) {
    return {
      why: `version ${liveVersion} is live, and its callers would get other answers under the same name`,
      remedy: `${newName}; its callers move when they are ready.`,
    };
  }
  if (restoreVersion) {
    return {
      why: `version ${restoreVersion} is live again when the model is active`,
      remedy: `${newName}.`,
    };
  }
  if (isHeld(lease, now)) {
    return {
      why: `${lease.owner} has the model, to ${lease.purpose} it as it was defined`,
      remedy: `Put the file again when that has ended, ${lease.until} at the latest, or give the new model a name of its own.`,
    };
  }
  return undefined;
}

interface Change {
  readonly field: 'problem' | 'target';
  readonly from: string;
  readonly to: string;
}

function changesOfMeaning(before: Definition, after: Definition, positiveHash: PositiveHash): Change[] {
  const changes: Change[] = [
    { field: 'problem', from: before.problem, to: after.problem },
    { field: 'target', from: describeTarget(before), to: describeTarget(after) },
  ];
  const isSpeltOut = before.problem === after.problem && speltOut(before.target, after.target, positiveHash);
  return changes.filter(({ field, from, to }) => from !== to && !(field === 'target' && isSpeltOut));
}

/** Whether one target says which class counts as yes, and the other leaves it to the order of the classes, which says the same. */
function speltOut(before: Target, after: Target, positiveHash: PositiveHash): boolean {
  if (before.column !== after.column || 'above' in before || 'above' in after) return false;
  const said = [before, after].flatMap((target): string[] =>
    'positive' in target ? [String(target.positive)] : [],
  );
  const [positive] = said;
  return said.length === 1 && positive !== undefined && hashOfClass(positive) === positiveHash;
}

function refusal({ field, from, to }: Change, { why, remedy }: Reliance): UnplacedFinding {
  return { path: [field], what: `\`${field}\` cannot change from ${from} to ${to}: ${why}.`, remedy };
}

function describeTarget({ target }: Definition): string {
  if ('above' in target) return `${target.column} above ${target.above}`;
  return 'positive' in target ? `${target.column} = ${target.positive}` : target.column;
}

import type { Definition } from '../definition/definition.schema.ts';
import type { Finding } from '../definition/problem.ts';
import { compareSequencers } from '../events/sequencer.ts';
import { isHeld } from '../registry/leases.ts';
import type { ModelRecord } from '../registry/records.schema.ts';

/** A definition that was read without problems, and which version of its file that was. */
export interface Candidate {
  readonly definition: Definition;
  readonly hash: string;
  readonly sequencer: string;
}

export type OnboardingDecision =
  | { readonly kind: 'create' }
  /** `meansOtherwise`: predicts something else than before, which only holds while nobody relies on the model. */
  | { readonly kind: 'update'; readonly seen: ModelRecord; readonly meansOtherwise: boolean }
  /** Says what the registry says. Its place in the order of versions is kept all the same: see `Onboardings.keepPlace`. */
  | { readonly kind: 'unchanged'; readonly seen: ModelRecord }
  | { readonly kind: 'stale' }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] };

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
): OnboardingDecision {
  if (!seen) return { kind: 'create' };
  if (compareSequencers(candidate.sequencer, seen.definitionSequencer) < 0) return { kind: 'stale' };
  if (candidate.hash === seen.definitionHash) return { kind: 'unchanged', seen };
  const changes = changesOfMeaning(seen.definition, candidate.definition);
  if (changes.length === 0) return { kind: 'update', seen, meansOtherwise: false };
  const reliance = relianceOn(seen, now);
  if (!reliance) return { kind: 'update', seen, meansOtherwise: true };
  return { kind: 'refused', findings: changes.map((change) => refusal(change, reliance)) };
}

interface Reliance {
  readonly why: string;
  readonly remedy: string;
}

function relianceOn({ model, liveVersion, lease }: ModelRecord, now: Date): Reliance | undefined {
  if (liveVersion !== null) {
    return {
      why: `version ${liveVersion} is live, and its callers would get other answers under the same name`,
      remedy: `Give the new model a name of its own, such as ${model.slice(0, 29)}-2, and put it in a file of that name; its callers move when they are ready.`,
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

function changesOfMeaning(before: Definition, after: Definition): Change[] {
  const changes: Change[] = [
    { field: 'problem', from: before.problem, to: after.problem },
    { field: 'target', from: describeTarget(before), to: describeTarget(after) },
  ];
  return changes.filter(({ from, to }) => from !== to);
}

function refusal({ field, from, to }: Change, { why, remedy }: Reliance): Finding {
  return { path: [field], what: `\`${field}\` cannot change from ${from} to ${to}: ${why}.`, remedy };
}

function describeTarget({ target }: Definition): string {
  if ('above' in target) return `${target.column} above ${target.above}`;
  return 'positive' in target ? `${target.column} = ${target.positive}` : target.column;
}

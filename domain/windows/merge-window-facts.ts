import { completeValues, frequentValues } from '@tidemark/statistics/profile/limits.ts';
import { mergeProfiles } from '@tidemark/statistics/profile/merge-profiles.ts';
import { mergeTops } from '@tidemark/statistics/profile/top-values.ts';
import { InvariantError } from '../errors.ts';
import { mergeLabelledSamples } from './labelled-sample.ts';
import { mergeSegments } from './segment-counter.ts';
import { mergeUnusedFacts } from './unused-columns.ts';
import type { LabelCounts, LeftOut, WindowFacts } from './window-facts.schema.ts';

/**
 * Merges facts of disjoint rows that were counted by one plan: counts and samples exactly, moments and sketches as profiles do.
 * @throws InvariantError when the plans differ, or there is nothing to merge
 */
export function mergeWindowFacts(facts: readonly WindowFacts[]): WindowFacts {
  const [first] = facts;
  if (!first) throw new InvariantError('There are no facts to merge.');
  const other = facts.find(({ runId }) => runId !== first.runId);
  if (other) {
    throw new InvariantError(
      `Facts of the training runs ${first.runId} and ${other.runId} were counted by different plans.`,
    );
  }
  return {
    schemaVersion: 1,
    runId: first.runId,
    rows: total(facts.map(({ rows }) => rows)),
    earliest: times(facts.map(({ earliest }) => earliest))[0] ?? null,
    latest: times(facts.map(({ latest }) => latest)).at(-1) ?? null,
    leftOut: mergeLeftOut(facts.map(({ leftOut }) => leftOut)),
    labels: mergeLabelCounts(facts.map(({ labels }) => labels)),
    profile: mergeProfiles(facts.map(({ profile }) => profile)),
    predictionCounts: mergeCounts(facts.map(({ predictionCounts }) => predictionCounts)),
    labelled: mergeLabelledSamples(facts.map(({ labelled }) => labelled)),
    segments: mergeSegments(facts.map(({ segments }) => segments)),
    unknownCategories: mergeUnknown(facts.flatMap(({ unknownCategories }) => unknownCategories)),
    unused: mergeUnusedFacts(facts.map(({ unused }) => unused)),
  };
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** ISO 8601 in UTC orders as text. */
function times(all: readonly (string | null)[]): string[] {
  return all.filter((time) => time !== null).toSorted();
}

function mergeLeftOut(parts: readonly LeftOut[]): LeftOut {
  const otherVersions: Record<string, number> = {};
  for (const [version, rows] of parts.flatMap((part) => Object.entries(part.otherVersions))) {
    otherVersions[version] = (otherVersions[version] ?? 0) + rows;
  }
  return {
    malformed: total(parts.map(({ malformed }) => malformed)),
    duplicates: total(parts.map(({ duplicates }) => duplicates)),
    otherVersions,
  };
}

function mergeLabelCounts(parts: readonly LabelCounts[]): LabelCounts {
  return {
    joined: total(parts.map(({ joined }) => joined)),
    unmatched: total(parts.map(({ unmatched }) => unmatched)),
    repeated: total(parts.map(({ repeated }) => repeated)),
    formerVersions: total(parts.map(({ formerVersions }) => formerVersions)),
    conflicting: total(parts.map(({ conflicting }) => conflicting)),
    malformed: total(parts.map(({ malformed }) => malformed)),
    unknownClass: total(parts.map(({ unknownClass }) => unknownClass)),
    notYet: total(parts.map(({ notYet }) => notYet)),
  };
}

function mergeCounts(parts: readonly (readonly number[] | null)[]): number[] | null {
  const counted = parts.filter((counts) => counts !== null);
  const [first] = counted;
  return first ? first.map((_, bin) => total(counted.map((counts) => counts[bin] ?? 0))) : null;
}

function mergeUnknown(parts: WindowFacts['unknownCategories']): WindowFacts['unknownCategories'] {
  const columns = [...new Set(parts.map(({ column }) => column))].toSorted();
  return columns.map((column) => {
    const ofColumn = parts.filter((part) => part.column === column).map(({ values }) => values);
    return { column, values: mergeTops(ofColumn, completeValues, frequentValues) };
  });
}

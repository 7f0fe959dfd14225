import type { ProblemType } from '@tidemark/statistics/metrics/metric-names.ts';
import { type Sentence, say } from '@tidemark/statistics/sentence.ts';
import type { ColumnStatistics } from './column-statistics.ts';

/** A number's range among the rows of one class, or, for regression, its correlation with the target as `lowest`. */
export interface Association {
  readonly label: number;
  readonly lowest: number | null;
  readonly highest: number | null;
}

/** Beyond this a straight line through one column predicts the target to within a hundredth of its spread. */
const perfectCorrelation = 0.9999;
/** Categories are judged if they are most of what the column holds. */
const minimumKnownShare = 0.9;

/**
 * How the values of a column alone give the answer away, if they do: it is usually the answer under another name, or known only after
 * it. Kept as a feature all the same, for it may be a real rule.
 */
export function leakOfValues(
  statistics: ColumnStatistics,
  associations: readonly Association[],
  problem: ProblemType,
): Sentence | undefined {
  if (statistics.column.type === 'string') return pureCategories(statistics);
  return problem === 'regression' ? correlation(associations) : separateRanges(associations);
}

function separateRanges(associations: readonly Association[]): Sentence | undefined {
  const ranges = associations
    .flatMap(({ lowest, highest }) => (lowest === null || highest === null ? [] : [{ lowest, highest }]))
    .toSorted((a, b) => a.lowest - b.lowest || a.highest - b.highest);
  if (ranges.length < 2) return undefined;
  const areApart = ranges.every(({ lowest }, index) => lowest > (ranges[index - 1]?.highest ?? -Infinity));
  return areApart ? say`its ranges in the classes do not overlap` : undefined;
}

function correlation([association]: readonly Association[]): Sentence | undefined {
  const r = association?.lowest ?? 0;
  return Math.abs(r) >= perfectCorrelation
    ? say`its correlation with the target is ${Math.round(1e6 * r) / 1e6}`
    : undefined;
}

function pureCategories({ present, categories }: ColumnStatistics): Sentence | undefined {
  const known = categories.reduce((sum, { rows }) => sum + rows, 0);
  const isPure = categories.every(({ lowestLabel, highestLabel }) => lowestLabel === highestLabel);
  const differ = new Set(categories.map(({ lowestLabel }) => lowestLabel)).size > 1;
  return isPure && differ && known >= minimumKnownShare * present
    ? say`each of its categories has one answer only`
    : undefined;
}

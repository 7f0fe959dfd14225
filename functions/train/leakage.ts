import type { Problem } from '../definition/definition.schema.ts';
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
 * A warning if the column alone gives the answer away: it is usually the answer under another name, or known only after it. Kept
 * as a feature all the same, for it may be a real rule.
 */
export function leakageWarning(
  statistics: ColumnStatistics,
  associations: readonly Association[],
  problem: Problem,
): string | undefined {
  const { name, type } = statistics.column;
  const how =
    type === 'string'
      ? pureCategories(statistics)
      : problem === 'regression'
        ? correlation(associations)
        : separateRanges(associations);
  if (how === undefined) return undefined;
  return (
    `${name} alone gives the answer away in the training rows: ${how}. If it is not known when a prediction is made, write ` +
    `features.exclude: [${name}]; with it the metrics are too good to be true.`
  );
}

function separateRanges(associations: readonly Association[]): string | undefined {
  const ranges = associations
    .flatMap(({ lowest, highest }) => (lowest === null || highest === null ? [] : [{ lowest, highest }]))
    .toSorted((a, b) => a.lowest - b.lowest || a.highest - b.highest);
  if (ranges.length < 2) return undefined;
  const areApart = ranges.every(({ lowest }, index) => lowest > (ranges[index - 1]?.highest ?? -Infinity));
  return areApart ? 'its ranges in the classes do not overlap' : undefined;
}

function correlation([association]: readonly Association[]): string | undefined {
  const r = association?.lowest ?? 0;
  return Math.abs(r) >= perfectCorrelation ? `its correlation with the target is ${r.toFixed(6)}` : undefined;
}

function pureCategories({ present, categories }: ColumnStatistics): string | undefined {
  const known = categories.reduce((sum, { rows }) => sum + rows, 0);
  const isPure = categories.every(({ lowestLabel, highestLabel }) => lowestLabel === highestLabel);
  const differ = new Set(categories.map(({ lowestLabel }) => lowestLabel)).size > 1;
  return isPure && differ && known >= minimumKnownShare * present
    ? 'each of its categories has one answer only'
    : undefined;
}

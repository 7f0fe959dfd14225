import { moments } from '../metrics/moments.ts';
import type { Measurement } from './quality.schema.ts';

/** How much windows differ though nothing has changed: by their sampling, and by their days being other days. */
export interface BetweenWindows {
  /** Variance of a window's figure, what its rows sample included. */
  readonly variance: number;
  /** Mean variance of that which is sampling alone. */
  readonly sampling: number;
  readonly degreesOfFreedom: number;
}

/** With fewer the variance is a guess: its t needs nine standard deviations for an alarm a year already. */
const fewestDegreesOfFreedom = 3;

/**
 * The spread of windows around the mean of their group, all groups together: the hold-out's blocks are one and earlier windows another,
 * and that the two may lie apart says nothing of how much windows differ.
 * @returns `undefined` when there are too few to know.
 */
export function betweenWindows(
  groups: readonly (readonly Pick<Measurement, 'value' | 'standardError'>[])[],
): BetweenWindows | undefined {
  const several = groups.filter((group) => group.length > 1);
  const degreesOfFreedom = several.reduce((sum, group) => sum + group.length - 1, 0);
  if (degreesOfFreedom < fewestDegreesOfFreedom) return undefined;
  const squares = several.reduce(
    (sum, group) =>
      sum + moments(Float64Array.from(group, ({ value }) => value)).variance * (group.length - 1),
    0,
  );
  const sampling = mean(several.flat().map(({ standardError }) => standardError ** 2));
  // Windows that lie closer together than their sampling allows do so by chance.
  return { variance: Math.max(squares / degreesOfFreedom, sampling), sampling, degreesOfFreedom };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

/** Blocks from which on their mean says what to expect of a window. */
const fewestBlocks = 4;

/** The mean of the blocks; `undefined` for too few. */
export function meanOfBlocks(blocks: readonly Measurement[]): Measurement | undefined {
  if (blocks.length < fewestBlocks) return undefined;
  const ofBlocks = moments(Float64Array.from(blocks, ({ value }) => value));
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  return { value: ofBlocks.mean, standardError: Math.sqrt(ofBlocks.variance / ofBlocks.count), rows };
}

import { InvariantError } from '../errors.ts';
import type { WindowFacts } from './window-facts.schema.ts';

/**
 * Merges facts of disjoint rows that were counted by one plan: counts and samples exactly, moments and sketches as profiles do.
 * @throws InvariantError when the plans differ, or there is nothing to merge
 */
export function mergeWindowFacts(_facts: readonly WindowFacts[]): WindowFacts {
  throw new InvariantError('Not written yet.');
}

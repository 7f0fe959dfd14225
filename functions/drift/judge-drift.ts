import { InvariantError } from '../errors.ts';
import type { ComparedColumn, DriftJudgement, DriftPolicyInput } from './drift.schema.ts';

/**
 * Judges a window column by column.
 *
 * A column drifts if a null-calibrated test of it is significant, all tests of all columns considered, **and** it has moved
 * by at least `minimumDistance`: the first keeps small windows from false alarms, the second large ones from true trifles.
 * The window drifts if a column does. The same arguments give the same judgement, bit by bit.
 *
 * @throws InvariantError if the two sides of a column have different bins.
 */
export function judgeDrift(_columns: readonly ComparedColumn[], _policy: DriftPolicyInput): DriftJudgement {
  throw new InvariantError('Not written yet.');
}

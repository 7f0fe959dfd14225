import { seededUniform } from '../metrics/random.ts';
import type { Contingency } from './contingency.ts';
import type { Uniform } from './draws.ts';
import { lnChoose } from './gamma.ts';

/** How tables are drawn that are more extreme than chance would make them. */
export interface Proposal {
  /** Draws the smaller sample's counts into `counts`. */
  readonly draw: (uniform: Uniform, counts: Float64Array) => void;
  /** ln of the probability of drawing these counts; finite for all that chance can make. */
  readonly lnProbability: (counts: Float64Array) => number;
}

/** A test statistic of the smaller sample's counts; large is extreme. */
export type TableStatistic = (counts: Float64Array) => number;

/**
 * Draws behind a p-value. It is valid with any number; with 1,000 its error is some 10 % of its value near the alpha that the
 * proposal aims at.
 */
export const simulationDraws = 1000;
/** Draws of a first look, which tells what is far from significant. */
const firstDraws = 100;

/** Statistics that differ by rounding are equal. */
const relativeTie = 1e-9;

/** What is reported for probabilities that a double cannot hold. */
const smallestP = 1e-300;

export const importanceConvention =
  'exact conditional null distribution (multivariate hypergeometric), p by importance sampling that counts the observed table ' +
  'as one of the draws (Harrison, Biometrika 99, 2012, page 57), which makes it valid at any number of draws';

/**
 * A first look with few draws, and all draws if that is not above `enough`. Valid like either: below `enough` it is the second
 * p-value or nothing, from there on it is at most u only where the first is.
 */
export function twoStageP(
  table: Contingency,
  statistic: TableStatistic,
  proposal: Proposal,
  seed: number,
  enough: number,
): { readonly p: number; readonly draws: number } {
  const first = importanceP(table, statistic, proposal, seed, firstDraws);
  if (first > enough) return { p: first, draws: firstDraws };
  return { p: importanceP(table, statistic, proposal, seed), draws: simulationDraws };
}

/**
 * Probability, given the margins and no change, of a statistic at least as large as the observed one.
 *
 * Plain simulation of probabilities near 1e-7 takes 1e8 draws. Here tables are drawn from a proposal that makes extreme ones
 * common, and weighted by how much less common chance makes them. The observed table counts as a further draw with its
 * weight, which is what makes P(p <= u) <= u hold exactly (Harrison 2012) and not just on average. The
 * proposal must not depend on the observed counts, only on the margins.
 */
export function importanceP(
  table: Contingency,
  statistic: TableStatistic,
  proposal: Proposal,
  seed: number,
  draws: number = simulationDraws,
): number {
  const uniform = seededUniform(seed);
  const observed = statistic(table.counts);
  const limit = observed - relativeTie * Math.max(1, Math.abs(observed));
  let sum = weightOf(table, table.counts, proposal);
  const counts = new Float64Array(table.counts.length);
  for (let draw = 0; draw < draws; draw += 1) {
    proposal.draw(uniform, counts);
    if (statistic(counts) >= limit) sum += weightOf(table, counts, proposal);
  }
  return Math.min(1, Math.max(smallestP, sum / (draws + 1)));
}

/** Probability by chance over probability by the proposal. */
function weightOf(table: Contingency, counts: Float64Array, proposal: Proposal): number {
  const lnChance = lnNullProbability(table, counts);
  return lnChance === Number.NEGATIVE_INFINITY ? 0 : Math.exp(lnChance - proposal.lnProbability(counts));
}

/** ln of the multivariate hypergeometric probability of the smaller sample's counts given the margins. */
export function lnNullProbability({ totals, size, total }: Contingency, counts: Float64Array): number {
  let sum = -lnChoose(total, size);
  for (let bin = 0; bin < totals.length; bin += 1) sum += lnChoose(totals[bin] ?? 0, counts[bin] ?? 0);
  return sum;
}

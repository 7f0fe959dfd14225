import { drawGamma, drawMultinomial, type Uniform } from './draws.ts';

export type Counts = readonly number[] | Float64Array;

/** As many rows, put into the bins by chance with the shares that they have. */
export function resampledCounts(counts: Counts, uniform: Uniform): number[] {
  const total = Array.from(counts).reduce((sum, count) => sum + count, 0);
  return divided(total, counts, uniform);
}

/** So many rows, put into the bins by chance with these weights. */
export function divided(total: number, weights: Counts, uniform: Uniform): number[] {
  const drawn = new Float64Array(weights.length);
  drawMultinomial(total, Float64Array.from(weights), uniform, drawn);
  return Array.from(drawn);
}

/**
 * What a share might be in truth of which a sample has shown so many: drawn from Jeffreys' posterior. Drawing rows again would never
 * find one where a dozen rows had none, and such bins are the ones that a window moves to.
 */
export function drawShare(successes: number, rows: number, uniform: Uniform): number {
  const yes = drawGamma(successes + 0.5, uniform);
  return yes / (yes + drawGamma(rows - successes + 0.5, uniform));
}

/**
 * The mean of so many non-negative numbers with this mean and mean square, as if it were gamma: of many it is about normal, and of a few it is
 * skewed as losses are, and neither below 0 nor off in its mean.
 */
export function drawMean(mean: number, meanSquare: number, count: number, uniform: Uniform): number {
  const variance = meanSquare - mean * mean;
  if (count === 0 || variance <= 0) return mean;
  const shape = (mean * mean * count) / variance;
  return (mean * drawGamma(shape, uniform)) / shape;
}

/** Such means, bin by bin. */
export function drawMeans(means: Counts, squares: Counts, counts: Counts, uniform: Uniform): number[] {
  return Array.from(means, (mean, bin) => drawMean(mean, squares[bin] ?? 0, counts[bin] ?? 0, uniform));
}

/** Means of the bins; a bin without rows takes that of the nearest bin with rows, of two the lower. */
export function filledMeans(sums: Counts, rows: Counts): number[] {
  const filled = Array.from(rows, (count, bin) => (count > 0 ? bin : -1)).filter((bin) => bin >= 0);
  return Array.from(rows, (_, bin) => {
    const nearest = filled.reduce(
      (best, each) => (Math.abs(each - bin) < Math.abs(best - bin) ? each : best),
      filled[0] ?? bin,
    );
    return (sums[nearest] ?? 0) / (rows[nearest] || 1);
  });
}

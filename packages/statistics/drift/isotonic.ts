/** Neighbouring bins that have one mean. */
interface Block {
  readonly sum: number;
  readonly weight: number;
  readonly bins: number;
}

/**
 * The nearest sequence of means that never falls, by least squares: neighbours that would fall are pooled (pool adjacent
 * violators; Ayer, Brunk, Ewing, Reid and Silverman, Annals of Mathematical Statistics 26, 1955, page 641). A bin of weight 0
 * takes the mean of the bin before it, or of the first that has any.
 * @param sums of the values in each bin
 * @param weights of the bins, such as their rows; not all 0
 */
export function isotonicMeans(sums: readonly number[], weights: readonly number[]): number[] {
  const blocks: Block[] = [];
  sums.forEach((sum, bin) => {
    let block: Block = { sum, weight: weights[bin] ?? 0, bins: 1 };
    for (let before = blocks.at(-1); before && mustPool(before, block); before = blocks.at(-1)) {
      blocks.pop();
      block = {
        sum: before.sum + block.sum,
        weight: before.weight + block.weight,
        bins: before.bins + block.bins,
      };
    }
    blocks.push(block);
  });
  return blocks.flatMap(({ sum, weight, bins }) => new Array<number>(bins).fill(sum / weight));
}

/** Products instead of quotients: a block without weight has no mean, and is pooled with any. */
function mustPool(before: Block, after: Block): boolean {
  return before.sum * after.weight >= after.sum * before.weight;
}

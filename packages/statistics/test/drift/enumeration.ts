import type { Contingency } from '../../drift/contingency.ts';
import { lnNullProbability } from '../../drift/importance-sampling.ts';

/** All ways to deal the smaller sample's rows out over the bins, with their probabilities by chance. */
export function allTables(table: Contingency): { counts: Float64Array; probability: number }[] {
  const found: { counts: Float64Array; probability: number }[] = [];
  const counts = new Float64Array(table.totals.length);
  const deal = (bin: number, left: number) => {
    if (bin === counts.length) {
      if (left === 0) {
        found.push({ counts: counts.slice(), probability: Math.exp(lnNullProbability(table, counts)) });
      }
      return;
    }
    for (let count = 0; count <= Math.min(left, table.totals[bin] ?? 0); count += 1) {
      counts[bin] = count;
      deal(bin + 1, left - count);
    }
  };
  deal(0, table.size);
  return found;
}

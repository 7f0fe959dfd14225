import { measureMetric } from '@tidemark/statistics/drift/judge-quality.ts';
import { predictionBin, predictionBinCount } from '@tidemark/statistics/drift/prediction-bin.ts';
import type { HoldoutBlock } from '@tidemark/statistics/drift/quality.schema.ts';
import type { MetricName } from '@tidemark/statistics/metrics/metric-facts.ts';
import { type Predictions, selectRows } from '@tidemark/statistics/metrics/predictions.ts';

/** What the blocks of a hold-out are made of. */
export interface HoldoutRows {
  readonly predictions: Predictions;
  /** When each row happened, in milliseconds since 1970; NaN for one that does not say. */
  readonly times: Float64Array;
  /** As the model answered: `width` numbers per row. */
  readonly scores: Float64Array;
  readonly width: number;
}

/** How the hold-out is cut. */
export interface BlockPlan {
  readonly milliseconds: number;
  /** A shorter block is left out, as a window with fewer labels is not measured. */
  readonly minimumRows: number;
  /** Edges of the calibration; `null` where predictions are not counted. */
  readonly predictionEdges: readonly number[] | null;
}

/** Blocks that are kept at most, spread evenly: how much windows differ is then known to 7 %. */
const mostBlocks = 100;

/** Cuts the hold-out into stretches of time as long as a window, by the clock, and measures each. */
export function holdoutBlocks(rows: HoldoutRows, metric: MetricName, plan: BlockPlan): HoldoutBlock[] {
  const stretches = [...rowsByStretch(rows.times, plan.milliseconds)]
    .toSorted(([a], [b]) => a - b)
    .filter(([, indices]) => indices.length >= plan.minimumRows);
  return spread(stretches, mostBlocks).flatMap(([, indices]) => {
    const measured = measureMetric(metric, selectRows(rows.predictions, Uint32Array.from(indices)));
    if (!measured) return [];
    const { value, standardError } = measured;
    const predictionCounts = plan.predictionEdges && countsOf(rows, indices, plan.predictionEdges);
    return [{ value, standardError, rows: indices.length, predictionCounts }];
  });
}

function rowsByStretch(times: Float64Array, milliseconds: number): Map<number, number[]> {
  const rowsOf = new Map<number, number[]>();
  times.forEach((time, row) => {
    if (Number.isNaN(time)) return;
    const stretch = Math.floor(time / milliseconds);
    const known = rowsOf.get(stretch);
    if (known) known.push(row);
    else rowsOf.set(stretch, [row]);
  });
  return rowsOf;
}

function spread<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, index) => items[Math.floor((index * items.length) / most)]).filter(
    (item) => item !== undefined,
  );
}

function countsOf(
  { scores, width }: HoldoutRows,
  rows: readonly number[],
  edges: readonly number[],
): number[] {
  const bins = { edges, width };
  const counts = new Array<number>(predictionBinCount(bins)).fill(0);
  for (const row of rows) {
    const bin = predictionBin(bins, scores.subarray(row * width, (row + 1) * width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

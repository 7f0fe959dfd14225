import { edgesUpTo } from '@tidemark/statistics/drift/edges-up-to.ts';
import type { ColumnPlan } from '@tidemark/statistics/profile/binning-plan.schema.ts';
import type { MonitoredValue } from './monitored.schema.ts';

/** Rows per bin of a column within a segment: the plan's bins, then rows without a value. */
export interface SegmentBins {
  /** How many counts there are. */
  readonly length: number;
  binOf(value: MonitoredValue): number;
}

/**
 * The bins that a segment's rows are counted by. Numbers lie as the plan has them; of categories, those that the plan does not
 * list share one bin, whether training had them or not: a segment has too few rows to tell them apart.
 */
export function segmentBins(plan: ColumnPlan): SegmentBins {
  const present = plan.kind === 'edges' ? numberBins(plan.edges) : valueBins(plan.values);
  const missing = present.length;
  return {
    length: missing + 1,
    binOf: (value) => (value === null ? missing : present.binOf(value)),
  };
}

interface PresentBins {
  readonly length: number;
  binOf(value: number | string): number;
}

function numberBins(edges: readonly number[]): PresentBins {
  return { length: edges.length + 1, binOf: (value) => edgesUpTo(edges, Number(value)) };
}

function valueBins(values: readonly string[]): PresentBins {
  const bins = new Map(values.map((value, bin) => [value, bin]));
  return { length: values.length + 1, binOf: (value) => bins.get(String(value)) ?? values.length };
}

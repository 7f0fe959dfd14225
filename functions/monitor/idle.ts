import type { Monitoring } from '@tidemark/domain/definition/monitoring.schema.ts';
import type { MonitorRecord } from '@tidemark/domain/registry/records.schema.ts';
import type { PlannedWindow } from './capture-plan.ts';

/** What a window would have, and what is known beside it. */
export interface IdleFacts {
  readonly planned: Pick<PlannedWindow, 'captures' | 'late' | 'known'>;
  /** Files of labels that came. */
  readonly labels: number;
  readonly every: Monitoring['every'];
  readonly version: number;
  readonly monitor: Pick<MonitorRecord, 'drift' | 'quality'> | undefined;
}

/**
 * Whether there is nothing to look at: then no window is made, and whatever comes is in the next one. A window is made all the same where
 * it has something to hand on: an hourly one that has swept, as the sweep is made once a day, and one that ends the episode of
 * a former version.
 */
export function isIdle({ planned, labels, every, version, monitor }: IdleFacts): boolean {
  const { captures, late, known } = planned;
  if (captures.length > 0 || labels > 0 || late.left > 0) return false;
  if (known !== null && every === 'hour') return false;
  return [monitor?.drift, monitor?.quality].every((episode) => !episode || episode.version === version);
}

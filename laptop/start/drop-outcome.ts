import type { ModelRecord } from '@tidemark/domain/registry/records.schema.ts';
import type { RecordedEvent } from './registry-view.client.ts';

/** Events after which nothing follows by itself. */
const finalTypes = [
  'definition.rejected',
  'data.rejected',
  'data.waiting',
  'training.failed',
  'training.skipped',
  'version.rejected',
  'deployment.succeeded',
  'deployment.rolled-back',
  'deployment.skipped',
  'endpoint.removed',
  'endpoint.removal-failed',
] as const;

export type FinalEvent = Extract<RecordedEvent, { type: (typeof finalTypes)[number] }>;

const isFinal = (event: RecordedEvent): event is FinalEvent => finalTypes.some((type) => type === event.type);

/** The events that end a path through the capabilities, in their order. */
export function finalEvents(events: readonly RecordedEvent[]): FinalEvent[] {
  return events.filter(isFinal);
}

/** After these it is traffic that acts, no more what was dropped. */
const trafficTypes: readonly RecordedEvent['type'][] = ['window.monitored', 'retraining.started'];

/**
 * What came of a drop, by what the registry holds, whether or not this start saw it happen.
 * @param events of the model, by time.
 * @param since when the last of the files was dropped, in milliseconds since 1970.
 */
export function outcomeSince(events: readonly RecordedEvent[], since: number): FinalEvent[] {
  const after = events.filter(({ detail }) => Date.parse(detail.time) >= since);
  const traffic = after.findIndex(({ type }) => trafficTypes.includes(type));
  return finalEvents(traffic === -1 ? after : after.slice(0, traffic));
}

/** That what was given was refused. */
const refusals: readonly FinalEvent['type'][] = ['definition.rejected', 'data.rejected'];

export const isRefusal = ({ type }: FinalEvent): boolean => refusals.includes(type);

/**
 * Whether a start has reached what it is for: a version is live, and what was given was not refused. A version that its
 * gates rejected while an older one is live is the product at work.
 */
export function isSuccess(record: ModelRecord | undefined, outcome: readonly FinalEvent[]): boolean {
  if (!record || record.liveVersion === null || outcome.some(isRefusal)) return false;
  const last = outcome.at(-1);
  return last === undefined || last.type === 'deployment.succeeded' || last.type === 'version.rejected';
}

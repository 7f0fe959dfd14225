import type { ModelRecord } from '../../functions/registry/records.schema.ts';
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

/** The last of the events that end a path through the capabilities, if there is one. */
export function finalEvent(events: readonly RecordedEvent[]): FinalEvent | undefined {
  return events.filter(isFinal).at(-1);
}

/**
 * Whether a start has reached what it is for: a version is live, and what was given was not refused. A version that its
 * gates rejected while an older one is live is the product at work.
 */
export function isSuccess(record: ModelRecord | undefined, event: FinalEvent | undefined): boolean {
  if (!record || record.liveVersion === null) return false;
  return event === undefined || event.type === 'deployment.succeeded' || event.type === 'version.rejected';
}

import type { DomainEventType } from '@tidemark/domain/events/domain-events.schema.ts';
import type { RecordedEvent } from '../registry-view.client.ts';

/** How the loop from traffic to a new version has ended. */
export type LoopConclusion =
  /** An alarm led to a new version that was better, and it is live. */
  | { readonly kind: 'closed'; readonly message: string }
  /** An alarm led to a new version, and its gates rejected it: the data do not justify a replacement. */
  | { readonly kind: 'not-better'; readonly message: string }
  /** An alarm went off, and a guard held the retraining back to the end. */
  | { readonly kind: 'held-back'; readonly message: string }
  /** Nothing has asked for a retraining. */
  | { readonly kind: 'no-alarm'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

type Ending = Extract<LoopConclusion['kind'], 'closed' | 'not-better' | 'failed'>;

/** What ends a retraining that has begun. */
const endings: Partial<Record<DomainEventType, Ending>> = {
  'deployment.succeeded': 'closed',
  'version.rejected': 'not-better',
  'training.failed': 'failed',
  'deployment.rolled-back': 'failed',
  'training.skipped': 'failed',
  'deployment.skipped': 'failed',
  'data.rejected': 'failed',
  'retraining.abandoned': 'failed',
};

/** How the retraining that was begun has ended; `undefined` while none was begun, or while it lasts. */
export function retrainingEnd(events: readonly RecordedEvent[]): LoopConclusion | undefined {
  const started = events.findIndex(({ type }) => type === 'retraining.started');
  if (started === -1) return undefined;
  for (const { type, detail } of events.slice(started + 1)) {
    const kind = endings[type];
    if (kind) return { kind, message: detail.message };
  }
  return undefined;
}

/** How the loop has ended when there is no more traffic. @param events of the model, by time */
export function conclusionOf(events: readonly RecordedEvent[]): LoopConclusion {
  const end = retrainingEnd(events);
  if (end) return end;
  if (events.some(({ type }) => type === 'retraining.started')) {
    return { kind: 'failed', message: 'A retraining has begun and not ended.' };
  }
  const failure = events.findLast(({ type }) => type === 'monitoring.failed');
  if (failure) return { kind: 'failed', message: failure.detail.message };
  const suppressed = events.findLast(({ type }) => type === 'retraining.suppressed');
  if (suppressed) return { kind: 'held-back', message: suppressed.detail.message };
  return { kind: 'no-alarm', message: 'No alarm has gone off, so nothing has asked for a new version.' };
}

/** Whether the program has done what it is for: closed the loop, or found out why that is not called for. */
export function isConclusive({ kind }: LoopConclusion): boolean {
  return kind !== 'failed';
}

import type { RecordedEvent } from '../registry-view.client.ts';
import type { ReplayedWindow } from './replayed-window.schema.ts';

type Alarms = ReplayedWindow['alarms'];

/**
 * How many decisions of `retrain` a window leads to: one for each alarm that has gone off, and one for each episode that continues
 * unanswered.
 * @param events of the window
 * @param before the alarms' states before the window
 */
export function expectedAnswers(
  events: readonly RecordedEvent[],
  before: Alarms | undefined,
  after: Alarms,
): number {
  const goneOff = Object.entries(after).filter(
    ([kind, state]) => state === 'ALARM' && before?.[kind] !== 'ALARM',
  );
  const goingOn = events.filter(({ type }) => type === 'drift.continued' || type === 'quality.continued');
  return goneOff.length + goingOn.length;
}

/** How many decisions of `retrain` there are. */
export function answersIn(events: readonly RecordedEvent[]): number {
  return events.filter(({ type }) => type === 'retraining.started' || type === 'retraining.suppressed')
    .length;
}

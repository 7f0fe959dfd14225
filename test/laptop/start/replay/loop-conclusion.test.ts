import type { DomainEventType } from '@tidemark/domain/events/domain-events.schema.ts';
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../../laptop/start/registry-view.client.ts';
import {
  conclusionOf,
  isConclusive,
  retrainingEnd,
} from '../../../../laptop/start/replay/loop-conclusion.ts';

// Only the members that are looked at: types and sentences.
const story = (...types: DomainEventType[]) =>
  types.map((type) => ({ type, detail: { message: `The ${type}.` } }) as RecordedEvent);

/** How every story begins. */
const firstVersion = ['model.onboarded', 'dataset.committed', 'deployment.succeeded'] as const;

describe('conclusionOf', () => {
  it.each([
    { events: [], kind: 'no-alarm' },
    { events: ['window.monitored', 'drift.detected'], kind: 'no-alarm' },
    { events: ['drift.detected', 'retraining.suppressed'], kind: 'held-back' },
    { events: ['retraining.suppressed', 'retraining.started', 'deployment.succeeded'], kind: 'closed' },
    { events: ['retraining.started', 'version.approved', 'deployment.succeeded'], kind: 'closed' },
    { events: ['retraining.started', 'deployment.succeeded', 'retraining.suppressed'], kind: 'closed' },
    { events: ['retraining.started', 'version.gated', 'version.rejected'], kind: 'not-better' },
    { events: ['retraining.started', 'deployment.rolled-back'], kind: 'failed' },
    { events: ['retraining.started', 'training.failed'], kind: 'failed' },
    { events: ['retraining.started', 'data.rejected'], kind: 'failed' },
    { events: ['retraining.started', 'retraining.abandoned'], kind: 'failed' },
    { events: ['retraining.started', 'dataset.committed'], kind: 'failed' },
    { events: ['monitoring.failed', 'retraining.suppressed'], kind: 'failed' },
  ] as const)('is $kind after $events', ({ events, kind }) => {
    expect(conclusionOf(story(...firstVersion, ...events)).kind).toBe(kind);
  });

  it('says in the product’s own words how it ended', () => {
    const { message } = conclusionOf(story(...firstVersion, 'retraining.started', 'version.rejected'));

    expect(message).toBe('The version.rejected.');
  });
});

describe('retrainingEnd', () => {
  it('does not take the first version’s deployment for the end of a retraining', () => {
    expect(retrainingEnd(story(...firstVersion))).toBeUndefined();
  });

  it('is not there while the retraining goes on', () => {
    expect(retrainingEnd(story(...firstVersion, 'retraining.started', 'training.started'))).toBeUndefined();
  });
});

describe('isConclusive', () => {
  it.each([
    ['closed', true],
    ['not-better', true],
    ['held-back', true],
    ['no-alarm', true],
    ['failed', false],
  ] as const)('of %s is %s', (kind, expected) => {
    expect(isConclusive({ kind, message: '' })).toBe(expected);
  });
});

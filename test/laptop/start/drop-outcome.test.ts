import type { ModelRecord } from '@tidemark/domain/registry/records.schema.ts';
import { describe, expect, it } from 'vitest';
import { finalEvents, isSuccess, outcomeSince } from '../../../laptop/start/drop-outcome.ts';
import type { RecordedEvent } from '../../../laptop/start/registry-view.client.ts';

// Only the members that are looked at: the type of an event, and the live version of a record.
const event = (type: RecordedEvent['type']) => ({ type, detail: {} }) as RecordedEvent;
const record = (liveVersion: number | null) => ({ liveVersion }) as ModelRecord;

describe('finalEvents', () => {
  it('are the events that end something', () => {
    const events = (
      ['data.rejected', 'dataset.committed', 'deployment.succeeded', 'model.onboarded'] as const
    ).map(event);

    expect(finalEvents(events).map(({ type }) => type)).toEqual(['data.rejected', 'deployment.succeeded']);
  });

  it.each(['endpoint.removed', 'endpoint.removal-failed', 'training.skipped', 'deployment.skipped'] as const)(
    'is %s for a model that was retired',
    (type) => {
      expect(finalEvents([event('model.retired'), event(type)])).toEqual([event(type)]);
    },
  );

  it('is none while things are under way', () => {
    expect(finalEvents((['model.onboarded', 'training.started'] as const).map(event))).toEqual([]);
  });
});

describe('isSuccess', () => {
  it.each([
    { live: 1, outcome: 'deployment.succeeded', success: true },
    { live: 1, outcome: undefined, success: true },
    { live: 1, outcome: 'version.rejected', success: true },
    { live: 1, outcome: 'data.rejected', success: false },
    { live: 1, outcome: 'definition.rejected', success: false },
    { live: 1, outcome: 'training.failed', success: false },
    { live: 1, outcome: 'deployment.rolled-back', success: false },
    { live: null, outcome: undefined, success: false },
    { live: null, outcome: 'version.rejected', success: false },
  ] as const)('is $success with version $live live after $outcome', ({ live, outcome, success }) => {
    const final = finalEvents(outcome ? [event(outcome)] : []);

    expect(isSuccess(record(live), final)).toBe(success);
  });

  it('is out of reach without a model', () => {
    expect(isSuccess(undefined, [])).toBe(false);
  });

  it('is missed when one of the files was refused, whatever came of the others', () => {
    const outcome = finalEvents([event('data.rejected'), event('deployment.succeeded')]);

    expect(isSuccess(record(1), outcome)).toBe(false);
  });
});

describe('outcomeSince', () => {
  const at = (type: RecordedEvent['type'], time: string) => ({ type, detail: { time } }) as RecordedEvent;
  const events = [
    at('data.rejected', '2026-01-01T00:00:01.000Z'),
    at('deployment.succeeded', '2026-01-01T00:00:03.000Z'),
    at('window.monitored', '2026-01-01T00:00:04.000Z'),
    at('version.rejected', '2026-01-01T00:00:05.000Z'),
  ];

  it('is what came after the files were dropped and before traffic acted', () => {
    const outcome = outcomeSince(events, Date.parse('2026-01-01T00:00:02.000Z'));

    expect(outcome.map(({ type }) => type)).toEqual(['deployment.succeeded']);
  });

  it('is nothing as long as nothing has come of it', () => {
    expect(outcomeSince(events, Date.parse('2026-01-01T00:00:06.000Z'))).toEqual([]);
  });
});

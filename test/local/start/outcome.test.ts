import { describe, expect, it } from 'vitest';
import type { ModelRecord } from '../../../functions/registry/records.schema.ts';
import { finalEvent, isSuccess } from '../../../local/start/outcome.ts';
import type { RecordedEvent } from '../../../local/start/registry-view.client.ts';

// Only the members that are looked at: the type of an event, and the live version of a record.
const event = (type: RecordedEvent['type']) => ({ type, detail: {} }) as RecordedEvent;
const record = (liveVersion: number | null) => ({ liveVersion }) as ModelRecord;

describe('finalEvent', () => {
  it('is the last event that ends something', () => {
    const events = (
      ['data.rejected', 'dataset.committed', 'deployment.succeeded', 'model.onboarded'] as const
    ).map(event);

    expect(finalEvent(events)?.type).toBe('deployment.succeeded');
  });

  it.each(['endpoint.removed', 'endpoint.removal-failed', 'training.skipped', 'deployment.skipped'] as const)(
    'is %s for a model that was retired',
    (type) => {
      expect(finalEvent([event('model.retired'), event(type)])?.type).toBe(type);
    },
  );

  it('is none while things are under way', () => {
    expect(finalEvent((['model.onboarded', 'training.started'] as const).map(event))).toBeUndefined();
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
    const final = outcome && finalEvent([event(outcome)]);

    expect(isSuccess(record(live), final)).toBe(success);
  });

  it('is out of reach without a model', () => {
    expect(isSuccess(undefined, undefined)).toBe(false);
  });
});

import type { DomainEventType } from '@tidemark/domain/events/domain-events.schema.ts';
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../../laptop/start/registry-view.client.ts';
import { answersIn, expectedAnswers } from '../../../../laptop/start/replay/expected-answers.ts';

// Only the type is looked at.
const events = (...types: DomainEventType[]) => types.map((type) => ({ type, detail: {} }) as RecordedEvent);

describe('expectedAnswers', () => {
  it.each([
    { of: [], before: { drift: 'OK', quality: 'OK' }, after: { drift: 'OK', quality: 'OK' }, expected: 0 },
    { of: [], before: undefined, after: { drift: 'ALARM', quality: 'OK' }, expected: 1 },
    {
      of: ['drift.detected'],
      before: { drift: 'OK', quality: 'OK' },
      after: { drift: 'ALARM', quality: 'ALARM' },
      expected: 2,
    },
    {
      of: [],
      before: { drift: 'ALARM', quality: 'OK' },
      after: { drift: 'ALARM', quality: 'OK' },
      expected: 0,
    },
    {
      of: ['drift.continued'],
      before: { drift: 'ALARM', quality: 'OK' },
      after: { drift: 'ALARM', quality: 'ALARM' },
      expected: 2,
    },
  ] as const)('are $expected after $of, alarms $before then $after', ({ of, before, after, expected }) => {
    expect(expectedAnswers(events(...of), before, after)).toBe(expected);
  });
});

describe('answersIn', () => {
  it('counts what was begun and what was held back', () => {
    expect(
      answersIn(events('drift.detected', 'retraining.suppressed', 'retraining.started', 'dataset.committed')),
    ).toBe(2);
  });
});

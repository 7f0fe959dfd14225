import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { describe, expect, it } from 'vitest';
import {
  decideWindowStart,
  type WindowStartFacts,
  windowEnd,
} from '../../functions/monitor/window-start-decision.ts';

const now = new Date('2026-03-01T14:00:10.000Z');
const wanted = {
  model: 'flight-delay',
  windowId: '20260301T140000Z',
  end: new Date('2026-03-01T14:00:00.000Z'),
  executionArn: 'arn:one',
};
const definition = (monitoring: object = {}) =>
  definitionSchema.parse({ name: 'flight-delay', problem: 'binary', target: 'late', monitoring });
const baseline = { bucket: 'artifacts', key: 'baseline.json', versionId: 'v1' };
const facts: WindowStartFacts = {
  model: { definition: definition(), liveVersion: 3 },
  version: { version: 3, baseline },
  monitor: { running: null, lastWindowId: '20260301T130000Z' },
  window: undefined,
};
const running = (owner: string, until: string) => ({ running: { owner, until }, lastWindowId: null });

describe('a window begins', () => {
  it('after the one that was finished before, for the live version', () => {
    expect(decideWindowStart(wanted, facts, now)).toEqual({
      kind: 'start',
      run: {
        model: 'flight-delay',
        windowId: '20260301T140000Z',
        end: '2026-03-01T14:00:00.000Z',
        executionArn: 'arn:one',
        version: 3,
        previousWindowId: '20260301T130000Z',
      },
      running: { owner: 'arn:one', until: '2026-03-01T20:30:10.000Z' },
    });
  });

  it.each<[string, Partial<WindowStartFacts>]>([
    ['as a model’s first', { monitor: undefined }],
    ['again for the same execution', { monitor: running('arn:one', '2026-03-01T20:00:00.000Z') }],
    ['if who was looking has had its time', { monitor: running('arn:two', '2026-03-01T14:00:10.000Z') }],
  ])('%s', (_, more) => {
    expect(decideWindowStart(wanted, { ...facts, ...more }, now).kind).toBe('start');
  });
});

describe('a window is skipped, with the reason,', () => {
  it.each<[string, Partial<WindowStartFacts>, RegExp]>([
    ['without a model', { model: undefined }, /There is no model called flight-delay/],
    [
      'if monitoring is turned off',
      { model: { definition: definition({ enabled: false }), liveVersion: 3 } },
      /turns monitoring off/,
    ],
    [
      'without a live version',
      { model: { definition: definition(), liveVersion: null } },
      /No version of flight-delay is live/,
    ],
    [
      'of a retired model, whose endpoint may still be there',
      { model: { definition: { ...definition(), lifecycle: 'retired' }, liveVersion: 3 } },
      /flight-delay is retired: .* What was captured is kept/,
    ],
    ['if its version is gone', { version: undefined }, /No version/],
    [
      'if its version has no baseline',
      { version: { version: 3 } },
      /has no baseline, .* Train flight-delay again/,
    ],
    ['if it is finished', { window: { executionArn: 'arn:two' } }, /arn:two has looked at this window/],
    [
      'while another execution looks at one',
      { monitor: running('arn:two', '2026-03-01T14:00:11.000Z') },
      /arn:two is looking at another window of flight-delay\. Predictions made since are in the next one/,
    ],
  ])('%s', (_, more, reason) => {
    expect(decideWindowStart(wanted, { ...facts, ...more }, now)).toEqual({
      kind: 'skip',
      reason: expect.stringMatching(reason),
    });
  });
});

describe('a window ends', () => {
  const startedAt = new Date('2026-03-01T14:00:10.789Z');

  it.each([
    ['as Scheduler says', '2026-03-01T14:00:00Z', '2026-03-01T14:00:00.000Z'],
    ['as Scheduler says, by a clock that is ahead', '2026-05-01T14:00:00Z', '2026-05-01T14:00:00.000Z'],
    ['when the execution began, without a time', undefined, '2026-03-01T14:00:10.000Z'],
  ])('%s', (_, scheduledTime, end) => {
    const request = { model: 'flight-delay', ...(scheduledTime !== undefined && { scheduledTime }) };

    expect(windowEnd(request, startedAt)?.toISOString()).toBe(end);
  });

  it('not so long ago that CloudWatch takes no figures of it', () => {
    const request = { model: 'flight-delay', scheduledTime: '2026-02-15T14:00:00Z' };

    expect(windowEnd(request, startedAt)).toBeUndefined();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retrierSchema } from '../../states/machine-definition.schema.ts';
import { matches, nextRetry, retryDelaySeconds } from '../../states/retry.ts';
import { StateError, timedOut } from '../../states/state-error.ts';

const retrier = fc
  .record(
    {
      ErrorEquals: fc.constant(['States.ALL']),
      IntervalSeconds: fc.integer({ min: 1, max: 1000 }),
      MaxAttempts: fc.integer({ min: 0, max: 20 }),
      BackoffRate: fc.double({ min: 1, max: 5, noNaN: true }),
      MaxDelaySeconds: fc.integer({ min: 1, max: 5000 }),
      JitterStrategy: fc.constantFrom('FULL', 'NONE'),
    },
    { requiredKeys: ['ErrorEquals'] },
  )
  .map((fields) => retrierSchema.parse(fields));
const chance = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

describe('the delay before a retry', () => {
  it('never exceeds the maximum and is never negative', () => {
    fc.assert(
      fc.property(retrier, fc.nat(100), chance, (policy, used, random) => {
        const delay = retryDelaySeconds(policy, used, () => random);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(policy.MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
      }),
    );
  });

  it('grows with every retry when there is no jitter', () => {
    fc.assert(
      fc.property(retrier, fc.nat(50), (policy, used) => {
        const steady = { ...policy, JitterStrategy: 'NONE' as const };
        const now = retryDelaySeconds(steady, used, () => 0);
        expect(retryDelaySeconds(steady, used + 1, () => 0)).toBeGreaterThanOrEqual(now);
      }),
    );
  });

  it('with full jitter lies below the delay without', () => {
    fc.assert(
      fc.property(retrier, fc.nat(20), chance, (policy, used, random) => {
        const jittered = retryDelaySeconds({ ...policy, JitterStrategy: 'FULL' }, used, () => random);
        expect(jittered).toBeLessThanOrEqual(
          retryDelaySeconds({ ...policy, JitterStrategy: 'NONE' }, used, () => 0),
        );
      }),
    );
  });
});

describe('the number of retries', () => {
  it('is MaxAttempts of the retrier that matches first', () => {
    fc.assert(
      fc.property(fc.array(retrier, { minLength: 1, maxLength: 4 }), (retriers) => {
        const taken = retriers.map(() => 0);
        let attempts = 0;
        for (;;) {
          const retry = nextRetry(retriers, taken, new StateError('E'), () => 0.5);
          if (retry === undefined) break;
          taken[retry.retrier] = (taken[retry.retrier] ?? 0) + 1;
          attempts += 1;
        }
        expect(attempts).toBe(retriers[0]?.MaxAttempts);
      }),
    );
  });
});

describe('what ErrorEquals matches', () => {
  const heartbeat = timedOut('heartbeat');
  it.each([
    { list: ['E'], error: new StateError('E'), matched: true },
    { list: ['e'], error: new StateError('E'), matched: false },
    { list: ['States.ALL'], error: new StateError('E'), matched: true },
    { list: ['States.ALL'], error: new StateError(undefined), matched: true },
    { list: ['States.ALL'], error: timedOut('timeout'), matched: true },
    { list: ['States.TaskFailed'], error: new StateError('Lambda.Unknown'), matched: true },
    { list: ['States.TaskFailed'], error: timedOut('timeout'), matched: false },
    { list: ['States.Timeout'], error: heartbeat, matched: true },
    { list: ['States.HeartbeatTimeout'], error: heartbeat, matched: true },
    { list: ['States.HeartbeatTimeout'], error: timedOut('timeout'), matched: false },
    { list: ['States.ALL'], error: new StateError('States.DataLimitExceeded'), matched: false },
    { list: ['States.DataLimitExceeded'], error: new StateError('States.DataLimitExceeded'), matched: true },
    { list: ['States.Runtime'], error: new StateError('States.Runtime'), matched: false },
    { list: ['States.ALL'], error: new StateError('States.Runtime'), matched: false },
  ])('$list against $error.errorName: $matched', ({ list, error, matched }) => {
    expect(matches(list, error)).toBe(matched);
  });
});

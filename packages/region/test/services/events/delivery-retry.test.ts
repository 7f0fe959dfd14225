import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AwsError, unsupported } from '../../../aws-error.ts';
import { type DeliveryFailure, failureOf, nextStep } from '../../../services/events/delivery-retry.ts';

const policy = { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 };
const retriable: DeliveryFailure = { code: 'THROTTLING', message: 'slow down', isRetriable: true };

describe('a failed delivery', () => {
  test.each([
    ['is tried again after throttling', new AwsError('ThrottlingException', 'm'), 'THROTTLING', true],
    ['is tried again at a quota', new AwsError('ExecutionLimitExceeded', 'm'), 'THROTTLING', true],
    [
      'is tried again after a fault of the target',
      new AwsError('InternalError', 'm', 500),
      'ERROR_FROM_TARGET',
      true,
    ],
    ['is tried again after an unknown error', new Error('m'), 'INTERNAL_ERROR', true],
    ['is final without permission', new AwsError('AccessDeniedException', 'm', 403), 'NO_PERMISSIONS', false],
    ['is final without target', new AwsError('StateMachineDoesNotExist', 'm'), 'NO_RESOURCE', false],
    ['is final for a wrong request', new AwsError('ValidationException', 'm'), 'SDK_CLIENT_ERROR', false],
    ['is final for what is not supported', unsupported('that'), 'SDK_CLIENT_ERROR', false],
  ])('%s', (_title, error, code, isRetriable) => {
    expect(failureOf(error)).toMatchObject({ code, isRetriable });
  });

  test('is given up at once if another attempt cannot help', () => {
    const final = { ...retriable, isRetriable: false };

    expect(nextStep(final, policy, 1, 0, 0)).toEqual({ kind: 'give-up' });
  });

  test('is given up when its attempts are used up', () => {
    const twice = { ...policy, MaximumRetryAttempts: 2 };

    expect(nextStep(retriable, twice, 2, 0, 0).kind).toBe('retry');
    expect(nextStep(retriable, twice, 3, 0, 0)).toEqual({
      kind: 'give-up',
      exhausted: 'MaximumRetryAttempts',
    });
  });

  test('is given up when the event is too old', () => {
    expect(nextStep(retriable, policy, 1, 86_400, 0)).toEqual({
      kind: 'give-up',
      exhausted: 'MaximumEventAgeInSeconds',
    });
  });

  test('waits longer each time, up to ten minutes, with jitter of half the pause', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 185 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempts, random) => {
          const step = nextStep(retriable, policy, attempts, 0, random);
          const full = Math.min(2 ** (attempts - 1), 600);

          expect(step.kind === 'retry' && step.pauseSeconds).toBeGreaterThanOrEqual(full / 2);
          expect(step.kind === 'retry' && step.pauseSeconds).toBeLessThanOrEqual(full);
        },
      ),
    );
  });
});

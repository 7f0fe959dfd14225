import { AwsError } from '../../aws-error.ts';
import type { RetryPolicy } from './rule.schema.ts';

/** Longest pause between two attempts: 185 attempts with it last about the 24 hours that EventBridge tries. */
const maxPauseSeconds = 600;

/** Why a delivery failed, in the words of EventBridge's dead letters. */
export interface DeliveryFailure {
  readonly code: string;
  readonly message: string;
  /** Whether another attempt may fare better. */
  readonly isRetriable: boolean;
}

const throttles = /throttl|TooManyRequests|LimitExceeded|RequestLimit|SlowDown/i;
const missing = /ResourceNotFound|DoesNotExist|NonExistent|NoSuch/;

/** Reads an error as EventBridge would: missing permissions and targets are final, faults and throttling pass. */
export function failureOf(error: unknown): DeliveryFailure {
  if (!(error instanceof AwsError))
    return {
      code: 'INTERNAL_ERROR',
      message: error instanceof Error ? error.message : String(error),
      isRetriable: true,
    };
  const { code, message, statusCode } = error;
  if (throttles.test(code)) return { code: 'THROTTLING', message, isRetriable: true };
  if (code.startsWith('AccessDenied')) return { code: 'NO_PERMISSIONS', message, isRetriable: false };
  if (missing.test(code)) return { code: 'NO_RESOURCE', message, isRetriable: false };
  // 501 is the local region's own "not implemented", which no retry changes.
  const isFault = statusCode >= 500 && statusCode !== 501;
  return { code: isFault ? 'ERROR_FROM_TARGET' : 'SDK_CLIENT_ERROR', message, isRetriable: isFault };
}

export type DeliveryStep =
  | { readonly kind: 'retry'; readonly pauseSeconds: number }
  | { readonly kind: 'give-up'; readonly exhausted?: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' };

/**
 * What follows a failed attempt: exponential back-off with jitter until attempts or age run out.
 * @param failedAttempts including this one
 * @param ageSeconds since the event was accepted
 * @param random from 0 to 1
 */
export function nextStep(
  failure: DeliveryFailure,
  policy: RetryPolicy,
  failedAttempts: number,
  ageSeconds: number,
  random: number,
): DeliveryStep {
  if (!failure.isRetriable) return { kind: 'give-up' };
  if (failedAttempts > policy.MaximumRetryAttempts)
    return { kind: 'give-up', exhausted: 'MaximumRetryAttempts' };
  if (ageSeconds >= policy.MaximumEventAgeInSeconds)
    return { kind: 'give-up', exhausted: 'MaximumEventAgeInSeconds' };
  const pause = Math.min(2 ** (failedAttempts - 1), maxPauseSeconds);
  return { kind: 'retry', pauseSeconds: pause * (0.5 + random / 2) };
}

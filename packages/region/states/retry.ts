import type { Catcher, Retrier } from './machine-definition.schema.ts';
import type { StateError } from './state-error.ts';

/** Errors that no wildcard matches. `States.Runtime` cannot be matched at all: it always ends the execution. */
const terminalErrors: readonly (string | undefined)[] = ['States.DataLimitExceeded', 'States.Runtime'];

/** Whether an `ErrorEquals` list names the error, itself or by a wildcard. */
export function matches(errorEquals: readonly string[], error: StateError): boolean {
  if (error.errorName === 'States.Runtime') return false;
  const names = [error.errorName, ...error.aliases];
  if (errorEquals.some((name) => names.includes(name))) return true;
  if (terminalErrors.includes(error.errorName)) return false;
  return (
    errorEquals.includes('States.ALL') ||
    (errorEquals.includes('States.TaskFailed') && error.errorName !== 'States.Timeout')
  );
}

export interface RetryDecision {
  /** Position of the retrier that takes the error. */
  readonly retrier: number;
  readonly delaySeconds: number;
}

/**
 * Whether and when a failed attempt is made again. The first retrier that matches decides alone: when its attempts
 * are spent, none further down is asked. `taken[i]` is how often retrier `i` has been used in this entry of the state.
 */
export function nextRetry(
  retriers: readonly Retrier[],
  taken: readonly number[],
  error: StateError,
  random: () => number,
): RetryDecision | undefined {
  const position = retriers.findIndex(({ ErrorEquals }) => matches(ErrorEquals, error));
  const retrier = retriers[position];
  const used = taken[position] ?? 0;
  if (retrier === undefined || used >= retrier.MaxAttempts) return undefined;
  return { retrier: position, delaySeconds: retryDelaySeconds(retrier, used, random) };
}

/** Interval times back-off rate to the power of the retries so far, cut at the maximum; full jitter picks below it. */
export function retryDelaySeconds(retrier: Retrier, used: number, random: () => number): number {
  const {
    IntervalSeconds,
    BackoffRate,
    MaxDelaySeconds = Number.POSITIVE_INFINITY,
    JitterStrategy,
  } = retrier;
  const delay = Math.min(IntervalSeconds * BackoffRate ** used, MaxDelaySeconds);
  return JitterStrategy === 'FULL' ? delay * random() : delay;
}

export const catcherFor = (catchers: readonly Catcher[], error: StateError): Catcher | undefined =>
  catchers.find(({ ErrorEquals }) => matches(ErrorEquals, error));

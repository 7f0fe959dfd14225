import { readFileSync } from 'node:fs';
import { seededUniform } from '@tidemark/statistics/metrics/random.ts';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

/** PutMetricAlarm's quota for an account and region (CloudWatch service quotas), in requests a second. */
const requestsPerSecond = 3;
/** A request that is answered, or refused, takes some tenths of a second. */
const answerSeconds = 0.2;

const retrierSchema = z.object({
  ErrorEquals: z.array(z.string()),
  IntervalSeconds: z.number(),
  MaxAttempts: z.number(),
  BackoffRate: z.number(),
  MaxDelaySeconds: z.number(),
  JitterStrategy: z.literal('FULL'),
});
const machineSchema = z.object({
  TimeoutSeconds: z.number(),
  States: z.object({
    PutAlarms: z.object({
      MaxConcurrency: z.literal(1),
      ItemProcessor: z.object({
        States: z.object({ PutAlarm: z.object({ Retry: z.tuple([retrierSchema]) }) }),
      }),
    }),
  }),
});
const machine = machineSchema.parse(JSON.parse(readFileSync('state-machines/onboard.asl.json', 'utf8')));
const [retrier] = machine.States.PutAlarms.ItemProcessor.States.PutAlarm.Retry;

/** The longest that the wait before a retry may be; with full jitter it is anything up to that. */
const longestWait = (attempt: number) =>
  Math.min(retrier.IntervalSeconds * retrier.BackoffRate ** attempt, retrier.MaxDelaySeconds);

/**
 * Onboards models at once: each puts its two alarms one after the other, as its machine does, against an account that takes three
 * requests a second and refuses the rest.
 * @param random in [0, 1)
 * @returns models that failed, and seconds until the last alarm was put
 */
function onboard(
  models: number,
  random: () => number,
  maximumAttempts = retrier.MaxAttempts,
): { failed: number; seconds: number } {
  const bucket = new TokenBucket();
  let pending = Array.from({ length: models }, () => ({ at: random(), alarms: 2, attempt: 0 }));
  let failed = 0;
  let seconds = 0;
  while (pending.length > 0) {
    pending.sort((one, other) => one.at - other.at);
    const [model, ...others] = pending;
    if (!model) break;
    pending = others;
    seconds = model.at;
    if (bucket.take(model.at)) {
      if (model.alarms > 1) pending.push({ at: model.at + answerSeconds, alarms: 1, attempt: 0 });
    } else if (model.attempt === maximumAttempts) {
      failed += 1;
    } else {
      const wait = random() * longestWait(model.attempt);
      pending.push({ ...model, at: model.at + answerSeconds + wait, attempt: model.attempt + 1 });
    }
  }
  return { failed, seconds };
}

class TokenBucket {
  #tokens = requestsPerSecond;
  #at = 0;

  take(now: number): boolean {
    this.#tokens = Math.min(requestsPerSecond, this.#tokens + (now - this.#at) * requestsPerSecond);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

describe('alarms that are put at once', () => {
  it('retry whatever CloudWatch calls its throttling', () => {
    expect(retrier.ErrorEquals).toEqual(['States.ALL']);
  });

  it('of fifty models are all put, within minutes, at three requests a second', () => {
    const runs = Array.from({ length: 500 }, (_, seed) => onboard(50, seededUniform(seed)));

    expect(runs.filter(({ failed }) => failed > 0)).toEqual([]);
    expect(Math.max(...runs.map(({ seconds }) => seconds))).toBeLessThan(10 * 60);
  });

  it('of two hundred are too', () => {
    const runs = Array.from({ length: 100 }, (_, seed) => onboard(200, seededUniform(seed)));

    expect(runs.filter(({ failed }) => failed > 0)).toEqual([]);
  });

  it('of fifty models are not, with the five retries that are enough for one model', () => {
    const runs = Array.from({ length: 20 }, (_, seed) => onboard(50, seededUniform(seed), 5));

    expect(runs.some(({ failed }) => failed > 0)).toBe(true);
  });

  it('wait no longer than the execution may take: four requests, each after every retry', () => {
    const waits = Array.from({ length: retrier.MaxAttempts }, (_, attempt) => longestWait(attempt));
    const longest = waits.reduce((sum, wait) => sum + wait, 0);

    expect(4 * longest).toBeLessThan(machine.TimeoutSeconds);
  });
});

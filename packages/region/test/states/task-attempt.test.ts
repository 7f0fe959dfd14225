import { describe, expect, it } from 'vitest';
import { shortestPause } from '../../states/task-attempt.ts';

/** Moments at which a job is looked at that ends after so many milliseconds; the last one sees the end. */
function looksAt(lengthMilliseconds: number): number[] {
  const moments = [0];
  for (let now = 0; now < lengthMilliseconds; moments.push(now)) now += shortestPause(now);
  return moments;
}

describe('a job behind a fast clock', () => {
  it.each([5, 100, 1_000, 2_500, 10_000, 60_000])('of %i ms is seen to end soon after it has', (length) => {
    const late = (looksAt(length).at(-1) ?? 0) - length;

    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThanOrEqual(Math.max(20, length / 10));
    expect(late).toBeLessThanOrEqual(250);
  });

  it('is not looked at all the time', () => {
    expect(looksAt(10_000).length).toBeLessThan(80);
  });
});

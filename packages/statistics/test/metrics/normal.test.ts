import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../metrics/normal.ts';
import { oracles } from './oracles/oracles.ts';

describe('normalQuantile', () => {
  it.each(oracles.quantiles)('agrees with scipy at %d', (probability, quantile) => {
    expect(Math.abs(normalQuantile(probability) - quantile)).toBeLessThanOrEqual(
      1e-13 * Math.max(1, Math.abs(quantile)),
    );
  });
});

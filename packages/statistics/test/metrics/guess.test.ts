import { describe, expect, it } from 'vitest';
import { guess } from '../../metrics/guess.ts';
import { measure } from '../../metrics/measure.ts';
import { binary, regression } from './oracles/oracles.ts';

describe('guess', () => {
  it('gives every row the share of positives in training, which ranks nothing', () => {
    const predictions = binary([1, 0, 0, 1], [0.9, 0.2, 0.3, 0.7]);

    const guessed = guess(predictions, { kind: 'classes', rows: [60, 40] });

    expect(guessed).toEqual(binary([1, 0, 0, 1], [0.4, 0.4, 0.4, 0.4]));
    expect(measure(guessed).auc).toEqual({ value: 0.5, low: 0.5, high: 0.5 });
  });

  it('gives every row of a multiclass model the shares of the classes', () => {
    const predictions = {
      problem: 'multiclass',
      labels: Float64Array.of(0, 2),
      classes: 3,
      probabilities: Float64Array.of(1, 0, 0, 0, 0, 1),
    } as const;

    const guessed = guess(predictions, { kind: 'classes', rows: [5, 3, 2] });

    expect(guessed).toEqual({ ...predictions, probabilities: Float64Array.of(0.5, 0.3, 0.2, 0.5, 0.3, 0.2) });
  });

  it('gives every row the mean of training, which explains nothing', () => {
    const guessed = guess(regression([1, 3], [1.1, 2.9]), { kind: 'numbers', mean: 2 });

    expect(guessed).toEqual(regression([1, 3], [2, 2]));
    expect(measure(guessed).r2?.value).toBe(0);
  });
});

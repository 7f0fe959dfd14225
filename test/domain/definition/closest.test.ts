import { closest } from '@tidemark/domain/definition/closest.ts';
import { describe, expect, it } from 'vitest';

const names = ['num_round', 'max_depth', 'eta', 'gamma', 'timeLimitMinutes'];

describe('what was probably meant', () => {
  it.each([
    ['num_rounds', 'num_round'],
    ['numround', 'num_round'],
    ['max-depth', 'max_depth'],
    ['MaxDepth', 'max_depth'],
    ['max_detph', 'max_depth'],
    ['gama', 'gamma'],
    ['tea', 'eta'],
    ['time_limit_minutes', 'timeLimitMinutes'],
  ])('by %s is %s', (word, meant) => {
    expect(closest(word, names)).toBe(meant);
  });

  it.each(['', 'x', 'batch_size', 'learning'])('by %j is nothing near', (word) => {
    expect(closest(word, names)).toBeUndefined();
  });
});

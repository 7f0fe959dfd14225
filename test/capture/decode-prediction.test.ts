import { describe, expect, it } from 'vitest';
import { decodePrediction } from '../../functions/capture/decode-prediction.ts';
import { distance, encodingOf, international } from './encodings.ts';

const encoding = encodingOf(distance, international);

describe('a prediction in the terms of the data', () => {
  const multiclass = {
    ...encoding,
    problem: 'multiclass' as const,
    target: { column: 'cause', above: null, classes: ['carrier', 'none', 'weather'] },
  };

  it.each([
    ['regression', { ...encoding, problem: 'regression' as const }, [12.5], { value: 12.5 }],
    ['yes', encoding, [0.5], { label: 'above 15', probability: 0.5 }],
    ['no', encoding, [0.49], { label: 'at most 15', probability: 0.49 }],
    [
      'one of several',
      multiclass,
      [0.2, 0.1, 0.7],
      { label: 'weather', probability: 0.7, probabilities: { carrier: 0.2, none: 0.1, weather: 0.7 } },
    ],
  ])('is %s', (_, of, numbers, expected) => {
    expect(decodePrediction(of, 'order-17', numbers)).toEqual({ inferenceId: 'order-17', ...expected });
  });
});

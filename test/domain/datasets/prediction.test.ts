import {
  parsePrediction,
  parsePredictions,
  UnreadablePredictionError,
} from '@tidemark/domain/datasets/prediction.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('parsePrediction', () => {
  it.each([
    {
      container: 'a regression or a binary model',
      text: '0.6234567761421204',
      numbers: [0.6234567761421204],
    },
    { container: 'one that ends its line', text: '12\n', numbers: [12] },
    { container: 'a large value in scientific notation', text: '1.5e+06', numbers: [1_500_000] },
    { container: 'a multi-class model', text: '0.1,0.2,0.7', numbers: [0.1, 0.2, 0.7] },
    { container: 'the built-in XGBoost with softprob', text: '[0.1, 0.2, 0.7]\n', numbers: [0.1, 0.2, 0.7] },
  ])('reads what $container answers', ({ text, numbers }) => {
    expect(parsePrediction(text)).toEqual(numbers);
  });

  it.each(['', ' \n', 'nan', 'inf', '1e999', '0.1,', '0.1,,0.2', '{"score":0.1}', '0.1 0.2', '[0.1', 'late'])(
    'refuses %j, and says what a container must answer',
    (text) => {
      expect(() => parsePrediction(text)).toThrow(UnreadablePredictionError);
      expect(() => parsePrediction(text)).toThrow(/text\/csv with one number/);
    },
  );

  it('shortens what it quotes, so that an error page does not fill the registry', () => {
    expect(() => parsePrediction('x'.repeat(10_000))).toThrow(/^.{0,400}$/);
  });

  it('reads back every list of finite numbers that JavaScript prints', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1 }), (numbers) => {
        expect(parsePrediction(numbers.map(String).join(','))).toEqual(numbers.map((number) => number + 0));
      }),
    );
  });
});

describe('the answers to several rows', () => {
  it.each([
    ['a line each', '0.1\n0.2\n', 2, 1, [[0.1], [0.2]]],
    ['one line', '0.1,0.2', 2, 1, [[0.1], [0.2]]],
    [
      'lines of classes',
      '0.1,0.9\n0.2,0.8',
      2,
      2,
      [
        [0.1, 0.9],
        [0.2, 0.8],
      ],
    ],
    [
      'lists in a line',
      '[0.1, 0.9], [0.2, 8e-1]',
      2,
      2,
      [
        [0.1, 0.9],
        [0.2, 0.8],
      ],
    ],
  ])('are read from %s', (_, text, rows, perRow, expected) => {
    expect(parsePredictions(text, rows, perRow)).toEqual(expected);
  });

  it.each([
    ['too few', '0.1', 2, 1],
    ['too many', '0.1,0.2,0.3', 2, 1],
    ['words', '0.1,nan', 2, 1],
    ['nothing', '', 1, 1],
  ])('are refused if they are %s', (_, text, rows, perRow) => {
    expect(() => parsePredictions(text, rows, perRow)).toThrow(UnreadablePredictionError);
  });
});

import { describe, expect, it } from 'vitest';
import { chooseWitnesses, testify } from '../../functions/capture/witnesses.ts';

describe('witnesses', () => {
  const rows = Array.from({ length: 50 }, (_, index) => ({
    features: `${index},1`,
    prediction: [index / 50],
  }));

  it('are all stored rows, if they are small', () => {
    expect(chooseWitnesses(rows)).toEqual(rows);
  });

  it('are some of them, spread evenly, if they are large', () => {
    const large = rows.map((row) => ({ ...row, features: `${row.features},${'1'.repeat(20_000)}` }));
    const chosen = chooseWitnesses(large);

    expect(chosen.map(({ prediction }) => prediction[0])).toEqual([
      0, 0.08, 0.16, 0.24, 0.32, 0.4, 0.48, 0.56, 0.64, 0.72, 0.8, 0.88, 0.96,
    ]);
  });

  it('are one at least', () => {
    expect(chooseWitnesses([{ features: '1'.repeat(1_000_000), prediction: [1] }])).toHaveLength(1);
  });

  it.each([
    ['answered as recorded', [[0.1], [0.2]], true],
    ['answered within what digits cost', [[0.1000001], [0.2]], true],
    ['answered otherwise in one row', [[0.1], [0.21]], false],
    [
      'answered with more numbers',
      [
        [0.1, 0.9],
        [0.2, 0.8],
      ],
      false,
    ],
    ['not all answered', [[0.1]], false],
  ])('testify by being %s', (_, answers, expected) => {
    const witnesses = [
      { features: '1', prediction: [0.1] },
      { features: '2', prediction: [0.2] },
    ];
    expect(testify(witnesses, answers)).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { labelNumber } from '../../functions/capture/label-number.ts';
import { distance, encodingOf } from './encodings.ts';

describe('a label as the model learnt it', () => {
  const encoding = (
    problem: 'binary' | 'multiclass' | 'regression',
    classes: string[],
    above: number | null,
  ) => ({
    ...encodingOf(distance),
    problem,
    target: { column: 'delay', above, classes },
  });
  const above = encoding('binary', ['at most 15', 'above 15'], 15);
  const yesNo = encoding('binary', ['no', 'yes'], null);
  const bits = encoding('binary', ['0', '1'], null);
  const truths = encoding('binary', ['false', 'true'], null);
  const causes = encoding('multiclass', ['carrier', 'none', 'weather'], null);
  const minutes = encoding('regression', [], null);

  it.each([
    ['the number that a threshold splits', above, 16, 1],
    ['the threshold itself', above, '15', 0],
    ['the class of a threshold', above, 'above 15', 1],
    ['no such class', above, 'late', null],
    ['a class by name', yesNo, 'yes', 1],
    ['a class in another spelling', yesNo, 'maybe', null],
    ['a digit', bits, 1, 1],
    ['a digit as a fraction', bits, '1.0', 1],
    ['a truth value', truths, true, 1],
    ['a truth value as Python prints it', truths, 'False', 0],
    ['one of several classes', causes, 'weather', 2],
    ['a class that training did not know', causes, 'strike', null],
    ['a number', minutes, '-3.5', -3.5],
    ['no number', minutes, 'soon', null],
    ['an infinite number', minutes, '1e999', null],
  ])('is known from %s', (_, of, value, expected) => {
    expect(labelNumber(of, value)).toBe(expected);
  });
});

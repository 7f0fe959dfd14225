import { labelNumber } from '@tidemark/domain/labels/label-number.ts';
import { describe, expect, it } from 'vitest';
import { distance, encodingOf } from '../../capture/encodings.ts';

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
  const red = {
    ...encoding('binary', ['not red', 'red'], null),
    target: { column: 'hue', above: null, classes: ['not red', 'red'], others: ['green', 'Blue', '3'] },
  };
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
    ['a digit that stands for a truth value', truths, 1, 1],
    ['a digit as a fraction that stands for a truth value', truths, '0.0', 0],
    ['a truth value that stands for a digit', bits, true, 1],
    ['a truth value as text that stands for a digit', bits, 'FALSE', 0],
    ['no truth value where classes are none', yesNo, true, null],
    ['the value that counts as yes', red, 'red', 1],
    ['one of the values that count as no', red, 'green', 0],
    ['one of them in another case', red, 'BLUE ', 0],
    ['one of them that is a number', red, '3.0', 0],
    ['the class of them all', red, 'not red', 0],
    ['a value that training did not know', red, 'gren', null],
    ['a class in capitals', yesNo, 'YES', 1],
    ['a class of a threshold in another case', above, ' Above 15', 1],
  ])('is known from %s', (_, of, value, expected) => {
    expect(labelNumber(of, value)).toBe(expected);
  });

  const spellings = (name: string) => [
    name,
    name.toUpperCase(),
    name.toLowerCase(),
    ` ${name} `,
    `${name}\t`,
  ];

  it('matches in any spelling of case and blanks on either side', () => {
    for (const no of spellings('No')) {
      for (const yes of spellings('Yes')) {
        for (const label of spellings('yEs')) {
          expect(labelNumber(encoding('binary', [no, yes], null), label), `${no}/${yes}: ${label}`).toBe(1);
        }
      }
    }
  });

  it('takes the exact class first, and none where several would fit', () => {
    const alike = encoding('multiclass', ['Yes', 'no', 'yes'], null);

    expect(labelNumber(alike, 'yes')).toBe(2);
    expect(labelNumber(alike, 'Yes')).toBe(0);
    expect(labelNumber(alike, 'YES')).toBeNull();
    expect(labelNumber(encoding('multiclass', ['01', '1.0', 'x'], null), 1)).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Encoding } from '../../functions/datasets/encoding.schema.ts';
import { feedbackLine, feedbackRow, feedbackTarget } from '../../functions/retrain/feedback-row.ts';

function encoding(problem: Encoding['problem'], target: Partial<Encoding['target']> = {}): Encoding {
  return {
    schemaVersion: 1,
    model: 'flight-delay',
    problem,
    target: { column: 'delay', above: null, classes: [], ...target },
    features: [{ kind: 'number', column: 'distance' }],
    encodedColumns: ['distance'],
  };
}
const late = encoding('binary', { above: 15, classes: ['at most 15', 'above 15'] });
const paid = encoding('binary', { classes: ['paid', 'unpaid'] });
const truth = encoding('binary', { classes: ['false', 'true'] });
const digit = encoding('binary', { classes: ['0', '1'] });
const carrier = encoding('multiclass', { classes: ['AA', 'UA'] });
const minutes = encoding('regression');

describe('a row', () => {
  it('has the dataset’s columns in its order and no others, what was not sent being missing', () => {
    const record = { distance: 100, extra: 'x', delay: 3, nested: { a: 1 } };

    expect(Object.entries(feedbackRow(['origin', 'nested', 'delay', 'distance'], 'delay', record))).toEqual([
      ['origin', null],
      ['nested', null],
      ['distance', 100],
    ]);
  });

  it('and its target make one line of JSON, whatever they hold', () => {
    const field = fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
    // JSON has one zero.
    const value = field.map((each) => (Object.is(each, -0) ? 0 : each));
    const columns = fc.dictionary(
      fc.string({ minLength: 1 }).filter((name) => name !== '__proto__' && name !== 'delay'),
      value,
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(columns, value, (row, target) => {
        const line = feedbackLine(JSON.stringify(row), 'delay', target);

        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(JSON.parse(line)).toEqual({ ...row, delay: target });
      }),
    );
  });
});

describe('a label becomes', () => {
  it.each([
    ['the number that the positive class is made from', late, '47', 47],
    ['that number, as JSON has it', late, 12.5, 12.5],
    ['nothing where only the class of that number is told', late, 'above 15', undefined],
    ['the name of its class', paid, 'unpaid', 'unpaid'],
    ['the name of its class, as the data spells it', truth, 'True', 'true'],
    ['the name of a class that is a number', digit, 1, '1'],
    ['the name of a class that is a number, however it is spelled', digit, '1.0', '1'],
    ['nothing where it is a third of two classes', paid, 'lost', undefined],
    ['a class of several', carrier, 'UA', 'UA'],
    ['a class that the live version does not know, which is news to learn', carrier, 'DL', 'DL'],
    ['the number that is predicted', minutes, '-3', -3],
    ['nothing where it is no number', minutes, 'late', undefined],
  ])('%s', (_, known, label, expected) => {
    expect(feedbackTarget(known, label)).toBe(expected);
  });
});

import { writeFile } from 'node:fs/promises';
import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { say } from '@tidemark/statistics/sentence.ts';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateFile } from '../../functions/ingest/validate-file.ts';
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
const hue = encoding('binary', { classes: ['not red', 'red'], others: ['green', 'blue'] });
const paid = encoding('binary', { classes: ['paid', 'unpaid'] });
const truth = encoding('binary', { classes: ['false', 'true'] });
const digit = encoding('binary', { classes: ['0', '1'] });
const carrier = encoding('multiclass', { classes: ['AA', 'UA'] });
const minutes = encoding('regression');

describe('a row', () => {
  it('has the dataset’s columns in its order and no others, what was not sent being missing', () => {
    const record = { distance: 100, extra: 'x', delay: 3, nested: { a: 1 } };

    const columns: Column[] = [
      { name: 'origin', type: 'string' },
      { name: 'nested', type: 'string' },
      { name: 'delay', type: 'integer' },
      { name: 'distance', type: 'integer' },
    ];

    expect(Object.entries(feedbackRow(columns, late, record))).toEqual([
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
        const line = feedbackLine(JSON.stringify(row), 'delay', JSON.stringify(target));

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
    ['the value that it is among those that count as no', hue, 'GREEN', 'green'],
    ['the value that counts as yes', hue, 'red', 'red'],
    ['nothing where training did not know it', hue, 'gren', undefined],
    ['a class of several', carrier, 'UA', 'UA'],
    ['a class that the live version does not know, which is news to learn', carrier, 'DL', 'DL'],
    ['the number that is predicted', minutes, '-3', -3],
    ['nothing where it is no number', minutes, 'late', undefined],
  ])('%s', (_, known, label, expected) => {
    expect(feedbackTarget(known, label)).toBe(expected);
  });
});

describe('a file of rows', () => {
  const columns: Column[] = [
    { name: 'delay', type: 'integer' },
    { name: 'distance', type: 'integer' },
    { name: 'origin', type: 'string' },
    { name: 'date', type: 'timestamp' },
    { name: 'holiday', type: 'boolean' },
  ];
  const definition = definitionSchema.parse({
    name: 'flight-delay',
    problem: 'binary',
    target: { column: 'delay', above: 15 },
    time: 'date',
  });
  /** As callers send them: with more than the model knows, with less, and with numbers as text. */
  const record = (index: number) => ({
    distance: index % 3 === 0 ? String(index) : index,
    ...(index % 4 === 0 ? {} : { origin: 'SFO' }),
    date: `2026-03-${String(1 + (index % 28)).padStart(2, '0')}T10:00:00Z`,
    holiday: index % 5 === 0,
    gate: 'B7',
  });

  it('is taken by ingest beside the data that was there, with the same columns and types', () =>
    Database.with(1769, async (database) => {
      const lines = Array.from({ length: 300 }, (_, index) => {
        const row = JSON.stringify(feedbackRow(columns, late, record(index)));
        return feedbackLine(row, 'delay', JSON.stringify(feedbackTarget(late, String(index % 40)) ?? null));
      });
      const path = database.path('rows.jsonl');
      await writeFile(path, lines.join(''));

      const reference = { columns, origin: say`the dataset ds-1`, mayGrow: false };
      const file = await validateFile(database, path, definition, reference);

      expect(file.part.rows).toBe(300);
      expect(new Map(file.columns.map(({ name, type }) => [name, type]))).toEqual(
        new Map(columns.map(({ name, type }) => [name, type])),
      );
    }));
});

import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { describe, expect, it } from 'vitest';
import { featureColumns, segmentColumns, targetColumn } from '../../functions/train/features.ts';
import { summariseSplits } from '../../functions/train/split-labels.ts';
import { labelling, maximumClasses, type TargetValue } from '../../functions/train/target-labels.ts';

const define = (problem: 'binary' | 'multiclass' | 'regression', target: unknown) =>
  definitionSchema.parse({ name: 'any', problem, target });
const values = (...texts: string[]): TargetValue[] => texts.map((text) => ({ text, rows: 10 }));
const column = (type: Column['type']): Column => ({ name: 'y', type });

describe('the classes of a target', () => {
  it.each([
    {
      title: 'a number above a limit',
      target: { column: 'y', above: 15 },
      type: 'integer',
      found: [],
      classes: ['at most 15', 'above 15'],
    },
    {
      title: 'two texts, the later one yes',
      target: 'y',
      type: 'string',
      found: ['yes', 'no'],
      classes: ['no', 'yes'],
    },
    { title: 'booleans', target: 'y', type: 'boolean', found: ['true', 'false'], classes: ['false', 'true'] },
    {
      title: 'numbers by size, not by spelling',
      target: 'y',
      type: 'integer',
      found: ['9', '10'],
      classes: ['9', '10'],
    },
    {
      title: 'a value that counts as yes',
      target: { column: 'y', positive: 'a' },
      type: 'string',
      found: ['a', 'b'],
      classes: ['b', 'a'],
    },
    {
      title: 'a value among several',
      target: { column: 'y', positive: 2 },
      type: 'integer',
      found: ['1', '2', '3'],
      classes: ['not 2', '2'],
    },
  ] as const)('$title', ({ target, type, found, classes }) => {
    expect(labelling(define('binary', target), column(type), values(...found)).classes).toEqual(classes);
  });

  it('are none for a number', () => {
    expect(labelling(define('regression', 'y'), column('number'), [])).toMatchObject({
      classes: [],
      above: null,
    });
  });

  it.each([
    {
      problem: 'binary',
      target: 'y',
      found: ['a', 'b', 'c'],
      message: /more than two values .*target\.positive .* problem: multiclass/,
    },
    { problem: 'binary', target: 'y', found: ['a'], message: /All training rows have the same y, so/ },
    { problem: 'multiclass', target: 'y', found: ['a'], message: /All training rows have the same y/ },
    {
      problem: 'binary',
      target: { column: 'y', positive: 'z' },
      found: ['a', 'b'],
      message: /is never z.*Correct target\.positive, or feed/,
    },
    { problem: 'binary', target: { column: 'y', positive: 'a' }, found: ['a'], message: /is always a/ },
    {
      problem: 'multiclass',
      target: 'y',
      found: Array.from({ length: maximumClasses + 1 }, (_, index) => `c${index}`),
      message: /more than 100 values .* problem: regression/,
    },
  ] as const)('$problem of $found.length values is refused', ({ problem, target, found, message }) => {
    expect(() => labelling(define(problem, target), column('string'), values(...found))).toThrow(message);
  });
});

describe('the columns of features', () => {
  const columns: Column[] = ['y', 'a', 'b', 'c'].map((name) => ({ name, type: 'number' }));
  const names = (features: object) =>
    featureColumns(
      definitionSchema.parse({ name: 'any', problem: 'regression', target: 'y', features }),
      columns,
    ).map(({ name }) => name);

  it('are all but the target, or those that are asked for', () => {
    expect(names({})).toEqual(['a', 'b', 'c']);
    expect(names({ exclude: ['b'] })).toEqual(['a', 'c']);
    expect(names({ include: ['c', 'a'] })).toEqual(['a', 'c']);
  });

  it('that the dataset does not have are named', () => {
    expect(() => names({ include: ['d'] })).toThrow(
      /features\.include names the column d, .* It has y, a, b, c\./,
    );
    expect(() => segmentColumns({ segments: ['d'] }, columns)).toThrow(/segments names the column d/);
    expect(() => targetColumn({ target: { column: 'd' } }, columns)).toThrow(/target names the column d/);
  });
});

describe('the sides of a split', () => {
  const side = (split: 'train' | 'validation' | 'holdout', label: number, rows: number) => ({
    split,
    label,
    rows,
  });
  const enough = [
    side('train', 0, 60),
    side('train', 1, 20),
    side('validation', 0, 10),
    side('holdout', 0, 20),
    side('holdout', 1, 10),
  ];

  it('say what a guess knows', () => {
    expect(summariseSplits(enough, ['no', 'yes'])).toEqual({
      rows: { train: 80, validation: 10, holdout: 30 },
      trainingLabels: { kind: 'classes', rows: [60, 20] },
      meanLabel: 0.25,
      notes: [],
    });
    expect(
      summariseSplits([side('train', 2.5, 80), side('validation', 2, 1), side('holdout', 3, 30)], []),
    ).toMatchObject({
      trainingLabels: { kind: 'numbers', mean: 2.5 },
    });
  });

  it.each([
    {
      title: 'too small a hold-out',
      found: enough.slice(0, 4),
      message: /20 to judge on; at least 1, 1 and 30/,
    },
    {
      title: 'no validation',
      found: enough.filter(({ split }) => split !== 'validation'),
      message: /0 to watch training/,
    },
    {
      title: 'no training',
      found: enough.filter(({ split }) => split !== 'train'),
      message: /^The dataset has 0 rows to train on/,
    },
    {
      title: 'a hold-out of one class',
      found: [...enough.slice(0, 3), side('holdout', 0, 40)],
      message: /All 40 hold-out rows are of one class/,
    },
  ])('with $title are refused', ({ found, message }) => {
    expect(() => summariseSplits(found, ['no', 'yes'])).toThrow(message);
  });
});

import { describe, expect, it } from 'vitest';
import { decodePrediction } from '../../functions/capture/decode-prediction.ts';
import { encodeRecords } from '../../functions/capture/encode-records.ts';
import { predictionRequestSchema } from '../../functions/capture/predict.schema.ts';
import { chooseWitnesses, testify } from '../../functions/capture/witnesses.ts';
import { parsePredictions, UnreadablePredictionError } from '../../functions/datasets/prediction.ts';
import { distance, encodingOf, international } from './encodings.ts';

const encoding = encodingOf(distance, international);

describe('a request', () => {
  const problemsOf = (request: unknown) =>
    predictionRequestSchema
      .safeParse(request)
      .error?.issues.map(({ path, message }) => [path.join('.'), message]);
  const records = [{ distance: 1 }, { distance: 2 }];

  it.each([
    { model: 'flight-delay', records },
    { model: 'flight-delay', records, inferenceIds: ['order 17', 'x'.repeat(64)] },
  ])('may be %j', (request) => expect(problemsOf(request)).toBeUndefined());

  it.each([
    ['no model', { records }, 'model'],
    ['a model that is no name', { model: '../else', records }, 'model'],
    ['no records', { model: 'flight-delay', records: [] }, 'records'],
    ['too many records', { model: 'flight-delay', records: Array(1001).fill({}) }, 'records'],
    ['a record that is a list', { model: 'flight-delay', records: [[1]] }, 'records.0'],
    ['a field of its own', { model: 'flight-delay', records, version: 3 }, ''],
    ['too few ids', { model: 'flight-delay', records, inferenceIds: ['a'] }, 'inferenceIds'],
    ['an id twice', { model: 'flight-delay', records, inferenceIds: ['a', 'a'] }, 'inferenceIds'],
    [
      'an id of ours',
      { model: 'flight-delay', records, inferenceIds: ['a', 'tidemark-1'] },
      'inferenceIds.1',
    ],
    [
      'an id that is too long',
      { model: 'flight-delay', records, inferenceIds: ['a', 'x'.repeat(65)] },
      'inferenceIds.1',
    ],
    ['an id beyond ASCII', { model: 'flight-delay', records, inferenceIds: ['a', 'ä'] }, 'inferenceIds.1'],
  ])('may not have %s', (_, request, path) => {
    expect(problemsOf(request)?.map(([at]) => at)).toEqual([path]);
  });
});

describe('records that cannot be encoded', () => {
  it('are told by position, column and remedy, the first five of them', () => {
    const records = [{ distance: 1 }, ...Array(7).fill({ distance: 'far' })];

    expect(() => encodeRecords(encoding, records)).toThrow(
      /^7 of 8 records cannot be encoded, so nothing was predicted\. records\[1\]: The column distance holds "far".*records\[5\].*\(and 2 more\)$/,
    );
  });
});

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

import { describe, expect, it } from 'vitest';
import { predictionRequestSchema } from '../../functions/capture/predict.schema.ts';

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

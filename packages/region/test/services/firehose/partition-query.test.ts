import { describe, expect, it } from 'vitest';
import { partitionQuery } from '../../../services/firehose/partition-query.ts';

describe('a partition query', () => {
  it.each([
    ['{model:.model}', { model: 'm' }, { model: 'm' }],
    [
      '{ "model" : .detail.model , v: .version }',
      { detail: { model: 'm' }, version: 3 },
      { model: 'm', v: '3' },
    ],
    ['{ok:.ok}', { ok: false }, { ok: 'false' }],
  ])('%s finds its keys in a record', (query, record, expected) => {
    expect(partitionQuery(query).partition(Buffer.from(JSON.stringify(record)))).toEqual(expected);
  });

  it.each([
    ['not JSON', '{'],
    ['without the key', '{"other":1}'],
    ['with an empty key', '{"model":""}'],
    ['with no text, number or boolean', '{"model":{}}'],
    ['that is no object', '"model"'],
  ])('has no partition for a record %s', (_title, record) => {
    expect(() => partitionQuery('{model:.model}').partition(Buffer.from(record))).toThrow(
      /record|partition key/,
    );
  });

  it.each(['.model', '{model:.model|strftime("%Y")}', '{model:.models[0]}', '{model}', '{}'])(
    'of another form is refused: %s',
    (query) => {
      expect(() => partitionQuery(query)).toThrow(/of the form/);
    },
  );
});

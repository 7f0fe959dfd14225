import { describe, expect, test } from 'vitest';
import { type InferenceRequest, infer } from '../inference.ts';
import type { ModelFile } from '../model-file.ts';

/** One stump: below 2 in the first of two features, or missing, gives 1; otherwise 3. */
const forest = {
  roots: Int32Array.of(0),
  groups: Int32Array.of(0),
  left: Int32Array.of(1, -1, -1),
  right: Int32Array.of(2, 0, 0),
  fallback: Int32Array.of(1, 0, 0),
  feature: Int32Array.of(0, 0, 0),
  threshold: Float32Array.of(2, 1, 3),
};
const regression: ModelFile = { baseMargin: 0.5, objective: 'reg:linear', features: 2, groups: 1, forest };
const multiclass: ModelFile = { ...regression, baseMargin: 0, objective: 'multi:softprob', groups: 2 };

function answer(body: string, rest: Partial<InferenceRequest> = {}, model = regression, batch = false) {
  return infer(
    model,
    { body: Buffer.from(body), contentType: 'text/csv', accept: undefined, ...rest },
    batch,
  );
}

describe('infer', () => {
  test('answers a line per row, digits as Python prints them', () => {
    expect(answer('1,0\n2,0\n,5')).toEqual({
      status: 200,
      contentType: 'text/csv; charset=utf-8',
      body: '1.5\n3.5\n1.5\n',
    });
  });

  test('answers probabilities of classes as a row, and in batch transform as a Python list', () => {
    const low = Math.fround(1 / (1 + Math.exp(1)));
    const [online = ''] = answer('1,0', {}, multiclass).body.split('\n');

    expect(online.split(',').map(Number)[1]).toBeCloseTo(low, 6);
    expect(answer('1,0', {}, multiclass, true).body).toBe(`[${online.replace(',', ', ')}]\n`);
  });

  test('answers the winning class of multi:softmax', () => {
    expect(answer('1,0', {}, { ...multiclass, objective: 'multi:softmax' }).body).toBe('0.0\n');
  });

  test('answers JSON when asked to', () => {
    expect(answer('1,0\n2,0', { accept: 'application/json' })).toEqual({
      status: 200,
      contentType: 'application/json',
      body: '{"predictions":[{"score":1.5},{"score":3.5}]}',
    });
    expect(
      JSON.parse(answer('1,0', { accept: 'application/json' }, multiclass).body).predictions[0].score,
    ).toHaveLength(2);
  });

  test.each<[string, string, Partial<InferenceRequest>, number, string]>([
    ['nothing', '', {}, 204, ''],
    ['text', 'a,b', {}, 415, "request, line 1, column 1: 'a' is not a finite number"],
    ['ragged rows', '1,2\n1', {}, 415, 'line 2: 1 columns'],
    ['another content type', '0 1:2', { contentType: 'text/libsvm' }, 415, "content type 'text/libsvm'"],
    ['no content type', '1,2', { contentType: undefined }, 415, 'text/libsvm'],
    ['a label size of 0', '1,2', { contentType: 'text/csv;label_size=0' }, 415, 'label_size can only be 1'],
    ['rows of another width', '1,2,3', {}, 400, 'the model has 2 features, but the data has 3'],
    ['another answer', '1,2', { accept: 'application/x-recordio-protobuf' }, 406, 'use text/csv'],
  ])('refuses %s with the status of the container', (_, body, rest, status, message) => {
    const refused = answer(body, rest);

    expect(refused.status).toBe(status);
    expect(refused.body).toContain(message);
  });
});

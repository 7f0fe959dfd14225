import type { FeatureEncoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { expect, it } from 'vitest';
import { sampleRequest } from '../../../laptop/start/sample-request.ts';

it('a sample request has the columns that the version uses, as JSON can hold them', () => {
  const features: FeatureEncoding[] = [
    { kind: 'number', column: 'age' },
    { kind: 'number', column: 'huge' },
    { kind: 'number', column: 'unknown' },
    { kind: 'category', column: "plan's", values: {}, other: 0, method: 'index' },
    { kind: 'time', column: 'at', format: '%d/%m/%Y', parts: [] },
    { kind: 'time', column: 'since', parts: [] },
  ];
  const row = {
    age: 41n,
    huge: 2n ** 60n,
    unknown: null,
    "plan's": 'a "b" \\ $c',
    at: '2026-01-01T00:00:00Z',
    since: '2026-01-02T00:00:00Z',
    cancelled: 'yes',
  };

  const request = sampleRequest({ model: 'churn', features }, row);

  expect(JSON.parse(request)).toEqual({
    model: 'churn',
    records: [
      { age: 41, huge: '1152921504606846976', "plan's": 'a "b" \\ $c', since: '2026-01-02T00:00:00Z' },
    ],
  });
});

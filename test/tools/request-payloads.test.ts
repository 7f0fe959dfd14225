import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonElements } from '../../tools/cases/json-elements.ts';
import { requestPayloads } from '../../tools/cases/request-payloads.ts';

describe('requests are sent as they are written:', () => {
  it('a single one, an array of them, records, a single record', () => {
    expect(requestPayloads('{"model":"m","records":[{"a":1e400}]}', 'x')).toEqual([
      { text: '{"model":"m","records":[{"a":1e400}]}', records: 1 },
    ]);
    expect(requestPayloads('[{"model":"m","records":[{}]}, {"model":"m"}]', 'x')).toEqual([
      { text: '{"model":"m","records":[{}]}', records: 1 },
      { text: '{"model":"m"}', records: 0 },
    ]);
    expect(requestPayloads('[{"a":1.0},{"a":-1e400,"a":2}]', 'x')).toEqual([
      { text: '{"model":"x","records":[{"a":1.0},{"a":-1e400,"a":2}]}', records: 2 },
    ]);
    expect(requestPayloads('{"model":"Volvo","doors":4}', 'x')).toEqual([
      { text: '{"model":"x","records":[{"model":"Volvo","doors":4}]}', records: 1 },
    ]);
  });

  it('records a thousand at a time', () => {
    const payloads = requestPayloads(JSON.stringify(Array.from({ length: 2_001 }, (_, a) => ({ a }))), 'x');

    expect(payloads.map(({ records }) => records)).toEqual([1_000, 1_000, 1]);
  });
});

it('the elements of an array are its text, whatever is in them', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.nat(3), (values, spaces) => {
      const elements = jsonElements(JSON.stringify(values, null, spaces)) ?? [];
      expect(elements.map((element) => JSON.parse(element))).toEqual(JSON.parse(JSON.stringify(values)));
    }),
  );
  expect(jsonElements('{"a":[1]}')).toBeUndefined();
});

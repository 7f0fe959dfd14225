import { describe, expect, it } from 'vitest';
import { assertPrefix, evaluatedPrefix } from '../../../services/firehose/prefix.ts';

const values = {
  at: Date.parse('2026-03-01T04:05:06Z'),
  partition: { model: 'flight-delay' },
  errorOutputType: 'processing-failed',
  randomString: 'abcdefghijk',
};

describe('a prefix', () => {
  it.each([
    ['', '2026/03/01/04/'],
    ['captures/', 'captures/2026/03/01/04/'],
    ['captures/!{partitionKeyFromQuery:model}/', 'captures/flight-delay/'],
    ['c/!{timestamp:yyyy/MM/dd/HH}/', 'c/2026/03/01/04/'],
    ["!{timestamp:'year='yyyy'/'mm-ss}/", 'year=2026/05-06/'],
    ['errors/!{firehose:error-output-type}/', 'errors/processing-failed/'],
    ['!{firehose:random-string}/', 'abcdefghijk/'],
  ])('%s becomes %s', (prefix, expected) => {
    expect(evaluatedPrefix(prefix, values)).toBe(expected);
  });

  it.each([
    ['!{timestamp:EEE}', 'data', /EEE/],
    ['!{partitionKeyFromQuery:other}', 'data', /other/],
    ['!{partitionKeyFromQuery:model}', 'error', /model/],
    ['!{partitionKeyFromLambda:model}', 'data', /Lambda/],
    ['!{firehose:error-output-type}', 'data', /error-output-type/],
    ['!{timestamp:yyyy', 'data', /not closed/],
  ] as const)('%s is refused as a prefix of %s', (prefix, kind, message) => {
    expect(() => assertPrefix(prefix, kind, ['model'])).toThrow(message);
  });
});

import { captureSourceOf } from '@tidemark/domain/captures/capture-key.ts';
import { describe, expect, it } from 'vitest';

describe('where a capture lies tells who made it:', () => {
  it.each([
    ['captures/flight-delay/function/2026/03/01/12/a.gz', { kind: 'function' }],
    [
      'captures/flight-delay/endpoint/v00000012/tidemark-dev-flight-delay/primary/2026/03/01/12/a.jsonl',
      { kind: 'endpoint', version: 12 },
    ],
    ['captures/flight-delay/endpoint/tidemark-dev-flight-delay/primary/a.jsonl', null],
    ['captures/flight-delay/else/a', null],
    ['capture-errors/processing-failed/a', null],
    ['captures', null],
  ])('%s', (key, source) => expect(captureSourceOf(key)).toEqual(source));
});

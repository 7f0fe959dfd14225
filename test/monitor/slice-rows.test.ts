import { WindowCounter } from '@tidemark/domain/windows/window-counter.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { SliceRows } from '../../functions/monitor/slice-rows.ts';
import { encoding, usualPlan } from '../domain/windows/rows.ts';

let counter: WindowCounter;
let rows: SliceRows;
beforeEach(() => {
  counter = new WindowCounter(usualPlan, encoding);
  rows = new SliceRows({ model: 'flight-delay', encodings: new Map([[1, encoding]]) }, counter);
});

const line = (inferenceId: string, more: object = {}) =>
  JSON.stringify({
    schemaVersion: 1,
    model: 'flight-delay',
    version: 1,
    inferenceId,
    time: '2026-03-01T14:00:00.000Z',
    record: { distance: 300, origin: 'JFK', carrier: 'AA' },
    prediction: [0.4],
    ...more,
  });
const invocation = (inferenceId: string) =>
  JSON.stringify({
    captureData: {
      endpointInput: { observedContentType: 'text/csv', data: '300,0.3', encoding: 'CSV' },
      endpointOutput: { observedContentType: 'text/csv', data: '0.4', encoding: 'CSV' },
    },
    eventMetadata: { eventId: 'e', inferenceId, inferenceTime: '2026-03-01T14:00:00Z' },
  });
const byFunction = { kind: 'function' } as const;
const byEndpoint = (version: number) => ({ kind: 'endpoint', version }) as const;

describe('of what is captured', () => {
  it('predictions of the judged version count, each once', () => {
    const first = rows.take(line('a'), byFunction);
    const again = rows.take(line('a'), byFunction);
    const direct = rows.take(invocation('a'), byEndpoint(1));

    expect([first, again, direct].map(({ length }) => length)).toEqual([1, 0, 0]);
    expect(counter.facts()).toMatchObject({ rows: 1, leftOut: { duplicates: 2 } });
  });

  it('predictions that count elsewhere are repeats', () => {
    const reading = { model: 'flight-delay', encodings: new Map([[1, encoding]]) };
    const others = new SliceRows(reading, counter, ['a']);

    expect(others.take(line('a'), byFunction)).toEqual([]);
    expect(others.take(line('b'), byFunction)).toHaveLength(1);
    expect(counter.facts()).toMatchObject({ rows: 1, leftOut: { duplicates: 1 } });
  });

  it('predictions of other versions are counted by version, where that is known', () => {
    rows.take(line('a', { version: 2 }), byFunction);
    rows.take(invocation('b'), byEndpoint(3));

    expect(counter.facts()).toMatchObject({ rows: 0, leftOut: { otherVersions: { unknown: 1, 3: 1 } } });
  });

  it('our own invocations are nothing', () => {
    rows.take(invocation('tidemark-predict-1'), byEndpoint(1));

    expect(counter.facts().leftOut).toEqual({ malformed: 0, duplicates: 0, otherVersions: {} });
  });

  it('what cannot be read is malformed', () => {
    rows.take('{"schemaVersion"', byFunction);
    rows.take(line('a', { model: 'another' }), byFunction);
    rows.passOver();

    expect(counter.facts().leftOut.malformed).toBe(3);
  });
});

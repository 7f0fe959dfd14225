import { LeftOutCounts, readCaptureLine } from '@tidemark/domain/captures/read-captures.ts';
import { proofInvocationId } from '@tidemark/domain/endpoints/inference-ids.ts';
import { describe, expect, it } from 'vitest';
import { distance, encodingOf, origin } from '../../capture/encodings.ts';

const encoding = encodingOf(distance, origin);
const reading = { model: 'flight-delay', encodings: new Map([[3, encoding]]) };
const byFunction = { kind: 'function' } as const;
const byEndpoint = { kind: 'endpoint', version: 3 } as const;
const time = '2026-03-01T12:00:00.000Z';

const captured = (more: object = {}) =>
  JSON.stringify({
    schemaVersion: 1,
    model: 'flight-delay',
    version: 3,
    inferenceId: 'order-17',
    time,
    record: { distance: 337, origin: 'JFK', carrier: 'XX' },
    prediction: [0.62],
    ...more,
  });

const csv = (data: string) => ({ observedContentType: 'text/csv', mode: 'INPUT', data, encoding: 'CSV' });

const invocation = (input: object | undefined, output: object | undefined, metadata: object = {}) =>
  JSON.stringify({
    captureData: { endpointInput: input, endpointOutput: output },
    eventMetadata: {
      eventId: 'e-1',
      inferenceId: 'order-17',
      inferenceTime: '2026-03-01T12:00:00Z',
      ...metadata,
    },
    eventVersion: '0',
  });

describe('what the function captured', () => {
  it('is a row, with the record as it was sent', () => {
    expect(readCaptureLine(captured(), byFunction, reading)).toEqual({
      rows: [
        {
          inferenceId: 'order-17',
          time,
          version: 3,
          values: [337, 'JFK', 0.62],
          prediction: [0.62],
          record: { distance: 337, origin: 'JFK', carrier: 'XX' },
        },
      ],
      leftOut: {},
    });
  });

  it.each([
    ['breaks off', captured().slice(0, -20), 'not-json'],
    ['is empty JSON', '{}', 'not-a-capture'],
    ['is a list', '[1]', 'not-a-capture'],
    ['is nothing', 'null', 'not-a-capture'],
    ['has no id', captured({ inferenceId: '' }), 'not-a-capture'],
    ['has a time that is none', captured({ time: 'yesterday' }), 'not-a-capture'],
    ['has a prediction in words', captured({ prediction: ['high'] }), 'not-a-capture'],
    ['is of a form to come', captured({ schemaVersion: 2 }), 'not-a-capture'],
    ['is of another model', captured({ model: 'churn' }), 'another-model'],
    ['is of another version', captured({ version: 2 }), 'another-version'],
    [
      'has a record that its version cannot read',
      captured({ record: { distance: 'far' } }),
      'unreadable-row',
    ],
    ['has too many numbers', captured({ prediction: [0.6, 0.4] }), 'unreadable-answer'],
  ])('is no row if it %s', (_, line, reason) => {
    expect(readCaptureLine(line, byFunction, reading)).toEqual({ rows: [], leftOut: { [reason]: 1 } });
  });

  it.each(['1970-01-01T00:00:00.000Z', '2099-12-31T23:59:59.000Z'])(
    'is a row whatever its clock said: %s',
    (skewed) => {
      expect(readCaptureLine(captured({ time: skewed }), byFunction, reading).rows).toMatchObject([
        { time: skewed },
      ]);
    },
  );
});

describe('what SageMaker captured', () => {
  it('is a row without a record, under the id that the caller gave', () => {
    expect(readCaptureLine(invocation(csv('337,0.5\n'), csv('0.62')), byEndpoint, reading)).toEqual({
      rows: [
        {
          inferenceId: 'order-17',
          time,
          version: 3,
          values: [337, 'JFK', 0.62],
          prediction: [0.62],
          record: null,
        },
      ],
      leftOut: {},
    });
  });

  it('is under SageMaker’s own id if the caller gave none', () => {
    const line = invocation(csv('337,0.5'), csv('0.62'), { inferenceId: undefined });

    expect(readCaptureLine(line, byEndpoint, reading).rows).toMatchObject([{ inferenceId: 'e-1' }]);
  });

  it('has the same values as what the function captured of the same row', () => {
    const [direct] = readCaptureLine(invocation(csv('337,0.5'), csv('0.62')), byEndpoint, reading).rows;
    const [raw] = readCaptureLine(captured(), byFunction, reading).rows;

    expect(direct?.values).toEqual(raw?.values);
  });

  it.each([
    ['line ends', '0.1\n0.2\n0.3\n'],
    ['commas', '0.1,0.2,0.3'],
    ['brackets', '[0.1], [0.2], [0.3]'],
    ['carriage returns', '0.1\r\n0.2\r\n0.3\r\n'],
  ])('has a row per line, with answers between %s', (_, answers) => {
    const line = invocation(csv('1,0.5\n2,0.5\r\n3,0.5\n'), csv(answers));

    expect(readCaptureLine(line, byEndpoint, reading).rows).toMatchObject([
      { inferenceId: 'order-17-0', values: [1, 'JFK', 0.1] },
      { inferenceId: 'order-17-1', values: [2, 'JFK', 0.2] },
      { inferenceId: 'order-17-2', values: [3, 'JFK', 0.3] },
    ]);
  });

  it('keeps the rows beside one that cannot be read, under their own ids', () => {
    const line = invocation(csv('1,0.5\n2\n3,0.5'), csv('0.1,0.2,0.3'));
    const { rows, leftOut } = readCaptureLine(line, byEndpoint, reading);

    expect(rows.map(({ inferenceId }) => inferenceId)).toEqual(['order-17-0', 'order-17-2']);
    expect(leftOut).toEqual({ 'unreadable-row': 1 });
  });

  const base64 = (text: string, observedContentType: string) => ({
    observedContentType,
    data: Buffer.from(text).toString('base64'),
    encoding: 'BASE64',
  });

  it('is read in base64 too', () => {
    const line = invocation(
      base64('337,0.5', 'text/csv; header=absent'),
      base64('0.62', 'text/csv; charset=utf-8'),
    );

    expect(readCaptureLine(line, byEndpoint, reading).rows).toMatchObject([{ values: [337, 'JFK', 0.62] }]);
  });

  it.each([
    ['breaks off', invocation(csv('1,0.5'), csv('0.1')).slice(0, 100), 'not-json'],
    ['has no metadata', JSON.stringify({ captureData: {} }), 'not-a-capture'],
    ['has no request', invocation(undefined, csv('0.1')), 'not-a-capture'],
    ['has no answer', invocation(csv('1,0.5'), undefined), 'no-answer'],
    [
      'has a time that is none',
      invocation(csv('1,0.5'), csv('0.1'), { inferenceTime: 'noon' }),
      'not-a-time',
    ],
    ['is not CSV', invocation({ data: '{}', encoding: 'JSON' }, csv('0.1')), 'not-csv'],
    ['is binary', invocation(base64('…', 'application/x-npy'), csv('0.1')), 'not-csv'],
    ['has fewer answers than rows', invocation(csv('1,0.5\n2,0.5'), csv('0.1')), 'unreadable-answer'],
    ['has an answer in words', invocation(csv('1,0.5'), csv('high')), 'unreadable-answer'],
    ['has a header', invocation(csv('distance,origin'), csv('0.1')), 'unreadable-row'],
    [
      'was made for the function',
      invocation(csv('1,0.5'), csv('0.1'), { inferenceId: 'tidemark-predict-1' }),
      'own-invocation',
    ],
    [
      'was a proof',
      invocation(csv('1,0.5'), csv('0.1'), { inferenceId: proofInvocationId(3, 0) }),
      'own-invocation',
    ],
  ])('is no row if it %s', (_, line, reason) => {
    expect(readCaptureLine(line, byEndpoint, reading)).toEqual({ rows: [], leftOut: { [reason]: 1 } });
  });

  it('is no row of another version', () => {
    const line = invocation(csv('1,0.5'), csv('0.1'));

    expect(readCaptureLine(line, { kind: 'endpoint', version: 2 }, reading).leftOut).toEqual({
      'another-version': 1,
    });
  });
});

describe('what was left out', () => {
  it('is counted by reason, nought included', () => {
    const counts = new LeftOutCounts();
    for (const leftOut of [{ 'not-json': 1 }, { 'not-json': 2, 'not-csv': 1 }, {}]) counts.add(leftOut);

    expect(counts.total()).toMatchObject({ 'not-json': 3, 'not-csv': 1, 'another-version': 0 });
  });
});

import { describe, expect, it } from 'vitest';
import { embeddedMetrics } from '../../../services/cloudwatch/embedded-metrics.ts';

const line = (changes: object = {}) =>
  JSON.stringify({
    _aws: {
      Timestamp: 1,
      CloudWatchMetrics: [
        {
          Namespace: 'Example',
          Dimensions: [['Stage'], ['Stage', 'Model']],
          Metrics: [{ Name: 'CapturesLost', Unit: 'Count' }],
        },
      ],
    },
    Stage: 'dev',
    Model: 'm',
    CapturesLost: 3,
    ...changes,
  });

describe('a line in the embedded metric format', () => {
  it('is a datapoint for each set of dimensions', () => {
    expect(embeddedMetrics(line(), 5000)).toMatchObject([
      [
        { namespace: 'Example', name: 'CapturesLost', dimensions: [{ Name: 'Stage', Value: 'dev' }] },
        { at: 5000, unit: 'Count', sampleCount: 1, sum: 3 },
      ],
      [{ dimensions: [{ Name: 'Stage' }, { Name: 'Model', Value: 'm' }] }, { sum: 3 }],
    ]);
  });

  it('may hold several values', () => {
    expect(embeddedMetrics(line({ CapturesLost: [1, 5] }), 0)[0]?.[1]).toMatchObject({
      sampleCount: 2,
      sum: 6,
      minimum: 1,
      maximum: 5,
    });
  });
});

it.each([
  ['text', 'lost 3 records'],
  ['other JSON', '{"level":"info"}'],
  ['cut short', line().slice(0, -5)],
  ['without its value', line({ CapturesLost: undefined })],
])('a line that is %s is none', (_title, text) => {
  expect(embeddedMetrics(text, 0)).toEqual([]);
});

import { versionStatusSchema } from '@tidemark/domain/registry/records.schema.ts';
import { isAnswer, type RetrainingFate } from '@tidemark/domain/registry/retraining-answers.ts';
import { describe, expect, it } from 'vitest';

const training = { status: 'training' } as const;
const registered = { status: 'registered' } as const;

describe('a retraining answers its episode', () => {
  it.each<[string, RetrainingFate, boolean]>([
    [
      'while it waits for its run',
      { retraining: { status: 'open' }, run: undefined, version: undefined },
      true,
    ],
    [
      'not when it was given up',
      { retraining: { status: 'abandoned' }, run: undefined, version: undefined },
      false,
    ],
    ['while it trains', { retraining: training, run: { status: 'running' }, version: undefined }, true],
    [
      'not when its run failed',
      { retraining: training, run: { status: 'failed' }, version: undefined },
      false,
    ],
    [
      'not when its run gave the model up',
      { retraining: training, run: { status: 'superseded' }, version: undefined },
      false,
    ],
  ])('%s', (_, fate, expected) => {
    expect(isAnswer(fate)).toBe(expected);
  });

  it('while its version is on the way to serve, or serves', () => {
    const answering = versionStatusSchema.options.filter((status) =>
      isAnswer({ retraining: training, run: registered, version: { status } }),
    );

    expect(answering).toEqual(['candidate', 'approved', 'deploying', 'live']);
  });
});

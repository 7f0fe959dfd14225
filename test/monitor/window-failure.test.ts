import { describe, expect, it } from 'vitest';
import { describeWindowFailure } from '../../functions/monitor/window-failure.ts';

describe('a window that failed', () => {
  it('as a map run failed as a whole says where the cause is', () => {
    const caught = {
      Error: 'States.ExceedToleratedFailureThreshold',
      Cause: 'The specified tolerated failure threshold was exceeded',
    };

    expect(describeWindowFailure({ failure: caught, step: 'ProfileSlices', slice: null })).toEqual({
      error: 'SliceFailed',
      message: expect.stringMatching(/^A slice of the window could not be profiled/),
      said: null,
    });
  });

  it.each([
    ['whole', '{"errorType":"CaptureReadError","errorMessage":"the \\"id\\" is missing","trace":["at x"]}'],
    [
      'cut after the message',
      '{"errorType":"CaptureReadError","errorMessage":"the \\"id\\" is missing","tra',
    ],
    ['cut within it', '{"errorType":"CaptureReadError","errorMessage":"the \\"id\\" is missing'],
    ['cut within an escape', '{"errorType":"CaptureReadError","errorMessage":"the \\"id\\" is missing\\'],
  ])('for a slice says what its function said, %s as it may be', (_, Cause) => {
    const slice = { number: 3, others: 0 };

    expect(
      describeWindowFailure({
        failure: { Error: 'CaptureReadError', Cause },
        step: 'ProfileOneSlice',
        slice,
      }),
    ).toEqual({
      error: 'CaptureReadError',
      message: 'Slice 3 of the window could not be profiled: the "id" is missing.',
      said: null,
    });
  });

  it.each([
    [1, ', and one other: '],
    [4, ', and 4 others: '],
  ])('for several slices says how many: %i more', (others, said) => {
    const failure = { Error: 'States.Timeout', Cause: '' };

    const { message } = describeWindowFailure({
      failure,
      step: 'ProfileOneSlice',
      slice: { number: 2, others },
    });

    expect(message).toContain(
      `Slice 2 of the window could not be profiled${said}ProfileOneSlice did not end`,
    );
  });

  it('otherwise says what any execution says', () => {
    const failure = { Error: 'S3.S3Exception', Cause: 'Slow down' };

    expect(describeWindowFailure({ failure, step: 'PlanWindow', slice: null })).toEqual({
      error: 'S3.S3Exception',
      message: 'PlanWindow failed with S3.S3Exception. Slow down.',
      said: null,
    });
  });
});

import { describe, expect, it } from 'vitest';
import { describeWindowFailure } from '../../functions/monitor/failure.ts';

describe('a window that failed', () => {
  it('as a map run failed as a whole says where the cause is', () => {
    const caught = {
      Error: 'States.ExceedToleratedFailureThreshold',
      Cause: 'The specified tolerated failure threshold was exceeded',
    };

    expect(describeWindowFailure(caught, 'ProfileSlices')).toEqual({
      error: 'SliceFailed',
      message: expect.stringMatching(/^A slice of the window could not be profiled/),
    });
  });

  it.each([
    ['whole', '{"errorType":"Error","errorMessage":"the \\"id\\" is missing","trace":["at x"]}'],
    ['cut after the message', '{"errorType":"Error","errorMessage":"the \\"id\\" is missing","tra'],
    ['cut within it', '{"errorType":"Error","errorMessage":"the \\"id\\" is missing'],
    ['cut within an escape', '{"errorType":"Error","errorMessage":"the \\"id\\" is missing\\'],
  ])('for a slice says what its function said, %s as it may be', (_, Cause) => {
    expect(describeWindowFailure({ Error: 'Error', Cause }, 'ProfileOneSlice')).toEqual({
      error: 'Error',
      message: 'the "id" is missing.',
    });
  });

  it('otherwise says what any execution says', () => {
    expect(describeWindowFailure({ Error: 'S3.S3Exception', Cause: 'Slow down' }, 'PlanWindow')).toEqual({
      error: 'S3.S3Exception',
      message: 'PlanWindow failed with S3.S3Exception. Slow down.',
    });
  });
});

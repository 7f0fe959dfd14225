import { describe, expect, it } from 'vitest';
import { describeWindowFailure } from '../../functions/monitor/failure.ts';

describe('a window that failed', () => {
  it('for one slice of many says where the cause is', () => {
    const caught = {
      Error: 'States.ExceedToleratedFailureThreshold',
      Cause: 'The specified tolerated failure threshold was exceeded',
    };

    expect(describeWindowFailure(caught, 'ProfileSlices')).toEqual({
      error: 'SliceFailed',
      message: expect.stringMatching(/^A slice of the window could not be profiled/),
    });
  });

  it('otherwise says what any execution says', () => {
    expect(describeWindowFailure({ Error: 'S3.S3Exception', Cause: 'Slow down' }, 'PlanWindow')).toEqual({
      error: 'S3.S3Exception',
      message: 'PlanWindow failed with S3.S3Exception. Slow down.',
    });
  });
});

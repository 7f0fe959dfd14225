import { describe, expect, it } from 'vitest';
import { describeFailure } from '../../functions/monitor/failure.ts';

const thrown = (errorType: string, errorMessage: string) => JSON.stringify({ errorType, errorMessage });

describe('a failure is told in sentences', () => {
  it.each([
    {
      what: 'an error of ours, in its own words',
      error: 'MonitoringTakenOverError',
      cause: thrown('MonitoringTakenOverError', 'Another execution has taken over'),
      told: ['MonitoringTakenOverError', /^Another execution has taken over\.$/],
    },
    {
      what: 'a defect',
      error: 'InvariantError',
      cause: thrown('InvariantError', 'No slice 7'),
      told: [
        'InvariantError',
        /^ProfileSlice met what cannot be\. .*defect of Tidemark.*No slice 7\. Please report it\.$/,
      ],
    },
    {
      what: 'a function out of time',
      error: 'Sandbox.Timedout',
      cause: thrown('Sandbox.Timedout', 'Task timed out after 900.00 seconds'),
      told: ['FunctionTimedOut', /^ProfileSlice did not finish/],
    },
    {
      what: 'a function out of memory',
      error: 'Runtime.ExitError',
      cause: thrown('Runtime.ExitError', 'signal: killed'),
      told: ['FunctionCrashed', /most likely for lack of memory: signal: killed\./],
    },
    {
      what: 'a slice of many',
      error: 'States.ExceedToleratedFailureThreshold',
      cause: 'The specified tolerated failure threshold was exceeded',
      told: ['SliceFailed', /^A slice of the window could not be profiled\. The map run of ProfileSlice/],
    },
    {
      what: 'a step out of time',
      error: 'States.Timeout',
      cause: '',
      told: ['StepTimedOut', /^ProfileSlice did not end/],
    },
    {
      what: 'an execution that somebody stopped',
      error: 'Execution.ABORTED',
      cause: '',
      told: ['Execution.ABORTED', /^The execution was stopped by somebody before it was done\.$/],
    },
    {
      what: 'anything else',
      error: 'S3.S3Exception',
      cause: 'Slow down',
      told: ['S3.S3Exception', /^ProfileSlice failed with S3\.S3Exception\. Slow down\.$/],
    },
  ])('$what', ({ error, cause, told: [name, message] }) => {
    expect(describeFailure({ Error: error, Cause: cause }, 'ProfileSlice')).toEqual({
      error: name,
      message: expect.stringMatching(message ?? ''),
    });
  });
});

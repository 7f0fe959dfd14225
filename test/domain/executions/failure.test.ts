import { describeFailure } from '@tidemark/domain/executions/failure.ts';
import { describe, expect, it } from 'vitest';

const thrown = (errorType: string, errorMessage: string) =>
  JSON.stringify({ errorType, errorMessage, trace: [] });

interface Case {
  readonly what: string;
  readonly error: string;
  readonly cause: string;
  readonly told: readonly [string, string];
  readonly said?: string;
}

const cases: Case[] = [
  {
    what: 'an error of ours, in its own words',
    error: 'MonitoringTakenOverError',
    cause: thrown('MonitoringTakenOverError', 'Another execution has taken over'),
    told: ['MonitoringTakenOverError', 'Another execution has taken over.'],
  },
  {
    what: 'an error of the language, which may quote the data, without its words',
    error: 'SyntaxError',
    cause: thrown('SyntaxError', 'Unexpected token p, "password" is not valid JSON'),
    told: [
      'SyntaxError',
      'Decide failed with SyntaxError, which is unexpected. The log of its function says more. Please report it.',
    ],
    said: 'Unexpected token p, "password" is not valid JSON',
  },
  {
    what: 'a defect, as such',
    error: 'ZodError',
    cause: thrown('ZodError', '[\n  {\n "path": [] }\n]'),
    told: [
      'ZodError',
      'Decide met an impossible state. This is a defect of Tidemark and not of the data: [ { "path": [] } ]. Please report it.',
    ],
  },
  {
    what: 'a function out of time',
    error: 'Sandbox.Timedout',
    cause: thrown('Sandbox.Timedout', 'Task timed out after 900.00 seconds'),
    told: [
      'FunctionTimedOut',
      'Decide did not finish in the time that its function has: Task timed out after 900.00 seconds.',
    ],
  },
  {
    what: 'a function out of memory',
    error: 'Runtime.ExitError',
    cause: thrown('Runtime.ExitError', 'signal: killed'),
    told: [
      'FunctionCrashed',
      'The function of Decide crashed, most likely for lack of memory: signal: killed. Give it more memory.',
    ],
  },
  {
    what: 'a step out of time',
    error: 'States.Timeout',
    cause: '',
    told: ['StepTimedOut', 'Decide did not end in time, and was abandoned.'],
  },
  {
    what: 'a step that failed for a reason of Step Functions’ own, by a name that a Fail state may use',
    error: 'States.DataLimitExceeded',
    cause: 'too long',
    told: ['StepDataLimitExceeded', 'Decide failed with States.DataLimitExceeded. too long.'],
  },
  {
    what: 'an execution that somebody stopped, and what he said',
    error: 'Execution.ABORTED',
    cause: 'Wrong model',
    told: ['Execution.ABORTED', 'The execution was stopped by somebody before it was done. Wrong model.'],
  },
  {
    what: 'an execution that ran out of time',
    error: 'Execution.TIMED_OUT',
    cause: '',
    told: ['Execution.TIMED_OUT', 'The execution ran out of time before it was done.'],
  },
  {
    what: 'a service, in plain text',
    error: 'S3.S3Exception',
    cause: 'Slow down',
    told: ['S3.S3Exception', 'Decide failed with S3.S3Exception. Slow down.'],
  },
  {
    what: 'plain text that looks like JSON',
    error: 'S3.S3Exception',
    cause: '{not json',
    told: ['S3.S3Exception', 'Decide failed with S3.S3Exception. {not json.'],
  },
  {
    what: 'a cause of null',
    error: 'Odd',
    cause: 'null',
    told: ['Odd', 'Decide failed with Odd. null.'],
  },
  { what: 'nothing but a name', error: 'Odd', cause: '', told: ['Odd', 'Decide failed with Odd.'] },
];

describe('a failure is told in sentences', () => {
  it.each(cases)('$what', ({ error, cause, told: [name, message], said = null }) => {
    expect(describeFailure({ Error: error, Cause: cause }, 'Decide')).toEqual({
      error: name,
      message,
      said,
    });
  });

  it('that end with the remedy of whoever knows one', () => {
    const remedies = { outOfTime: 'Take fewer rows.', outOfMemory: 'Leave columns out.' };
    const outOfTime = { Error: 'Sandbox.Timedout', Cause: thrown('Sandbox.Timedout', 'Task timed out') };
    const outOfMemory = {
      Error: 'Runtime.ExitError',
      Cause: thrown('Runtime.ExitError', 'signal: killed'),
    };

    expect(describeFailure(outOfTime, 'Prepare', remedies).message).toMatch(/ Take fewer rows\.$/);
    expect(describeFailure(outOfMemory, 'Prepare', remedies).message).toMatch(/ Leave columns out\.$/);
  });
});

import { describe, expect, it } from 'vitest';
import { describeRunFailure } from '../../functions/train/run-failure.ts';
import { decideFailureRecord } from '../../functions/train/run-failure-record.ts';
import { now, run } from './train-records.ts';

const job = (more: object) =>
  JSON.stringify({ TrainingJobName: 'job-1', TrainingJobStatus: 'Failed', ...more });
const thrown = (errorType: string, errorMessage: string) =>
  JSON.stringify({ errorType, errorMessage, trace: [] });

interface Case {
  readonly title: string;
  readonly caught: { Error: string; Cause: string };
  readonly error: string;
  readonly message: RegExp;
  readonly said?: string;
}

const cases: Case[] = [
  {
    title: 'a failed job, whose words may quote the data, by the kind of its error',
    caught: {
      Error: 'States.TaskFailed',
      Cause: job({ FailureReason: 'AlgorithmError: eta must be below 1' }),
    },
    error: 'JobFailed',
    message:
      /^The training job job-1 failed with AlgorithmError\. What it said is kept with the run\. Its log is in CloudWatch, .*TrainingJobs, stream job-1\.$/,
    said: 'AlgorithmError: eta must be below 1',
  },
  {
    title: 'a failed job that gives no reason',
    caught: { Error: 'States.TaskFailed', Cause: job({}) },
    error: 'JobFailed',
    message: /SageMaker gives no reason\./,
  },
  {
    title: 'a job that was stopped',
    caught: {
      Error: 'States.TaskFailed',
      Cause: job({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'Stopped' }),
    },
    error: 'JobStopped',
    message: /was stopped by somebody/,
  },
  {
    title: 'spot capacity that was taken away',
    caught: {
      Error: 'States.TaskFailed',
      Cause: job({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'Interrupted' }),
    },
    error: 'SpotInterrupted',
    message: /was taken away/,
  },
  {
    title: 'a quota',
    caught: {
      Error: 'SageMaker.ResourceLimitExceededException',
      Cause: "The account-level service limit 'ml.m5.large for training job usage' is 0 Instances",
    },
    error: 'QuotaExceeded',
    message: /'ml\.m5\.large for training job usage' is 0 Instances\. Ask for more in Service Quotas/,
  },
  {
    title: 'a function out of time',
    caught: {
      Error: 'Sandbox.Timedout',
      Cause: thrown('Sandbox.Timedout', 'Task timed out after 900.00 seconds'),
    },
    error: 'FunctionTimedOut',
    message: /too large/,
  },
];

describe('describeRunFailure tells of', () => {
  it.each(cases)('$title', ({ caught, error, message, said = null }) => {
    const failure = describeRunFailure(caught, 'Prepare');

    expect(failure.error).toBe(error);
    expect(failure.message).toMatch(message);
    expect(failure.said).toBe(said);
  });
});

describe('a failed run', () => {
  const failure = { error: 'JobFailed', message: 'The job failed.', said: null };
  const lease = { owner: run.leaseOwner, purpose: 'train', until: now.toISOString() } as const;

  it('frees its model and says what serves', () => {
    const facts = { run: { status: 'running', version: null }, model: { lease, liveVersion: 3 } } as const;

    const record = decideFailureRecord(run, failure, facts, now);

    expect(record).toMatchObject({
      holdsLease: true,
      failure,
      event: {
        type: 'training.failed',
        detail: {
          error: 'JobFailed',
          causeId: run.causeId,
          message:
            'Training flight-delay with ds-0123456789abcdef failed: The job failed. Version 3 still serves. To try again, start train with { "model": "flight-delay" }.',
        },
      },
    });
  });

  it('has nothing to try again when its model was retired', () => {
    const facts = { run: { status: 'running', version: null }, model: { lease, liveVersion: 3 } } as const;
    const retired = { error: 'ModelRetiredError', message: 'flight-delay is retired.', said: null };

    expect(decideFailureRecord(run, retired, facts, now)?.event.detail.message).toBe(
      'Training flight-delay with ds-0123456789abcdef failed: flight-delay is retired. No version was registered.',
    );
  });

  it('leaves a lease that is another’s', () => {
    const other = { ...lease, owner: 'run-other' };
    const facts = {
      run: { status: 'running', version: null },
      model: { lease: other, liveVersion: null },
    } as const;

    expect(decideFailureRecord(run, failure, facts, now)?.holdsLease).toBe(false);
  });

  it.each(['registered', 'failed', 'superseded'] as const)('that is %s already stays so', (status) => {
    const facts = { run: { status, version: null }, model: { lease, liveVersion: null } };

    expect(decideFailureRecord(run, failure, facts, now)).toBeUndefined();
  });
});

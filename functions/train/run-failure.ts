import type { CaughtError } from '@tidemark/domain/executions/caught-error.schema.ts';
import { parseCause, sentence } from '@tidemark/domain/executions/cause.ts';
import { describeFailure, type Failure } from '@tidemark/domain/executions/failure.ts';
import * as z from 'zod';

/** What Describe says of a job that did not complete, as far as it matters here. */
const jobCause = z.union([
  z
    .object({ TrainingJobName: z.string(), TrainingJobStatus: z.string() })
    .extend({ SecondaryStatus: z.string().optional(), FailureReason: z.string().optional() })
    .transform((job) => ({
      kind: 'training job' as const,
      name: job.TrainingJobName,
      status: job.TrainingJobStatus,
      detail: job.SecondaryStatus,
      reason: job.FailureReason,
    })),
  z
    .object({ TransformJobName: z.string(), TransformJobStatus: z.string() })
    .extend({ FailureReason: z.string().optional() })
    .transform((job) => ({
      kind: 'batch transform' as const,
      name: job.TransformJobName,
      status: job.TransformJobStatus,
      detail: undefined,
      reason: job.FailureReason,
    })),
]);
type Job = z.infer<typeof jobCause>;

const remedies = {
  outOfTime: 'The dataset is too large for it; sample the data, or leave columns out with features.exclude.',
  outOfMemory: 'Leave columns out with features.exclude, or give the function more memory.',
};

/**
 * Says why a run failed, from what the state machine caught. A job's cause is the JSON of its description; of quotas and functions there
 * is more to say than of other machines'.
 * @param step name of the state that failed
 */
export function describeRunFailure(caught: CaughtError, step: string): Failure {
  const job = jobCause.safeParse(parseCause(caught.Cause));
  if (job.success) return describeJob(job.data);
  return isQuota(caught) ? describeQuota(caught) : describeFailure(caught, step, remedies);
}

function describeJob({ kind, name, status, detail, reason }: Job): Failure {
  switch (detail) {
    case 'MaxRuntimeExceeded':
      return {
        error: 'TrainingTimeLimitExceeded',
        message: `The training job ${name} ran into its time limit and was stopped. Raise training.timeLimitMinutes, lower num_round, or choose a larger training.instance.`,
        said: null,
      };
    case 'MaxWaitTimeExceeded':
      return {
        error: 'SpotCapacityUnavailable',
        message: `The training job ${name} found no spot capacity, or not for long enough, in the time it may wait. Write training.spot: false, or choose another training.instance.`,
        said: null,
      };
    case 'Interrupted':
      return {
        error: 'SpotInterrupted',
        message: `The spot capacity of the training job ${name} was taken away. Train again, or write training.spot: false.`,
        said: null,
      };
    default:
      return describeEnd({ kind, name, status, reason });
  }
}

/** Of a job whose end SageMaker has no word for that asks for something else. */
function describeEnd({ kind, name, status, reason }: Omit<Job, 'detail'>): Failure {
  const logs = `Its log is in CloudWatch, ${kind === 'training job' ? '/aws/sagemaker/TrainingJobs' : '/aws/sagemaker/TransformJobs'}, stream ${name}.`;
  if (status === 'Stopped' || status === 'Stopping') {
    return {
      error: 'JobStopped',
      message: `The ${kind} ${name} was stopped by somebody. ${logs}`,
      said: null,
    };
  }
  // A container's words may quote the data. SageMaker puts the kind of error before them.
  const [, kindOfError] = /^([A-Za-z]{1,64}Error)\b/.exec(reason ?? '') ?? [];
  const why = kindOfError === undefined ? '' : ` with ${kindOfError}`;
  const where = reason === undefined ? 'SageMaker gives no reason.' : 'What it said is kept with the run.';
  return {
    error: 'JobFailed',
    message: `The ${kind} ${name} failed${why}. ${where} ${logs}`,
    said: reason ?? null,
  };
}

/** SageMaker's refusal is plain text. */
function isQuota({ Error: error, Cause: cause }: CaughtError): boolean {
  return error.includes('ResourceLimitExceeded') && parseCause(cause) === undefined;
}

function describeQuota({ Cause: cause }: CaughtError): Failure {
  const said = cause === '' ? '' : ` ${sentence(cause)}`;
  return {
    error: 'QuotaExceeded',
    message: `The account's quota of SageMaker instances is used up or zero:${said} Ask for more in Service Quotas (Amazon SageMaker; training, spot training and transform have quotas of their own), or choose another training.instance.`,
    said: null,
  };
}

import { z } from 'zod';
import type { CaughtError } from './run.schema.ts';

/** Why a run failed: a short name for it, and sentences that say what, why and what to do. */
export interface Failure {
  readonly error: string;
  readonly message: string;
}

/** How an execution ends that cannot say so itself; the names are those that `train.asl.json` makes of its status. */
const executionEndings: Readonly<Record<string, string>> = {
  'Execution.ABORTED': 'was stopped by somebody',
  'Execution.TIMED_OUT': 'ran out of time',
  'Execution.FAILED': 'broke a limit of Step Functions',
};

/** What Lambda makes of an error that a handler threw, and of a handler that was stopped. */
const functionCause = z.object({ errorType: z.string().optional(), errorMessage: z.string() });

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

/**
 * Says why a run failed, from what the state machine caught. A job's cause is the JSON of its description, a function's the JSON
 * of its error, a service's plain text; anything else is passed on as it is.
 * @param step name of the state that failed
 */
export function describeFailure({ Error: error, Cause: cause }: CaughtError, step: string): Failure {
  const parsed = parseJson(cause);
  const job = jobCause.safeParse(parsed);
  if (job.success) return describeJob(job.data);
  const thrown = functionCause.safeParse(parsed);
  if (thrown.success) return describeThrown(error, thrown.data.errorMessage, step);
  return describeService(error, cause, step);
}

function describeJob({ kind, name, status, detail, reason }: Job): Failure {
  const logs = `Its log is in CloudWatch, ${kind === 'training job' ? '/aws/sagemaker/TrainingJobs' : '/aws/sagemaker/TransformJobs'}, stream ${name}.`;
  switch (detail) {
    case 'MaxRuntimeExceeded':
      return {
        error: 'TrainingTimeLimitExceeded',
        message: `The training job ${name} ran into its time limit and was stopped. Raise training.timeLimitMinutes, lower num_round, or choose a larger training.instance.`,
      };
    case 'MaxWaitTimeExceeded':
      return {
        error: 'SpotCapacityUnavailable',
        message: `The training job ${name} found no spot capacity, or not for long enough, in the time it may wait. Write training.spot: false, or choose another training.instance.`,
      };
    case 'Interrupted':
      return {
        error: 'SpotInterrupted',
        message: `The spot capacity of the training job ${name} was taken away. Train again, or write training.spot: false.`,
      };
  }
  if (status === 'Stopped' || status === 'Stopping') {
    return { error: 'JobStopped', message: `The ${kind} ${name} was stopped by somebody. ${logs}` };
  }
  const why = sentence(reason ?? 'SageMaker gives no reason.');
  return { error: 'JobFailed', message: `The ${kind} ${name} failed: ${why} ${logs}` };
}

/** Our own errors are written for people already; those of the runtime are not. */
function describeThrown(error: string, said: string, step: string): Failure {
  if (error === 'Sandbox.Timedout' || said.includes('Task timed out after')) {
    return {
      error: 'FunctionTimedOut',
      message: `${step} did not finish in the 15 minutes that a function has: ${sentence(said)} The dataset is too large for it; sample the data, or leave columns out with features.exclude.`,
    };
  }
  if (error.startsWith('Runtime.') || error === 'Lambda.Unknown') {
    return {
      error: 'FunctionCrashed',
      message: `The function of ${step} crashed, most likely for lack of memory: ${sentence(said)} Leave columns out with features.exclude, or give the function more memory.`,
    };
  }
  if (error === 'ZodError' || error === 'InvariantError') {
    const what = said.replaceAll(/\s+/g, ' ').slice(0, 1000);
    return {
      error,
      message: `${step} met what cannot be. This is a defect of Tidemark and not of the data: ${sentence(what)} Please report it.`,
    };
  }
  return { error, message: sentence(said) };
}

function describeService(error: string, cause: string, step: string): Failure {
  const said = cause === '' ? '' : ` ${sentence(cause)}`;
  if (error.includes('ResourceLimitExceeded')) {
    return {
      error: 'QuotaExceeded',
      message: `The account's quota of SageMaker instances is used up or zero:${said} Ask for more in Service Quotas (Amazon SageMaker; training, spot training and transform have quotas of their own), or choose another training.instance.`,
    };
  }
  if (error === 'States.Timeout') {
    return {
      error: 'StepTimedOut',
      message: `${step} did not end in the time it has, and was given up.${said}`,
    };
  }
  const ending = executionEndings[error];
  if (ending) return { error, message: `The execution ${ending} before it was done.${said}` };
  return { error, message: `${step} failed with ${error}.${said}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Services report plain text.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

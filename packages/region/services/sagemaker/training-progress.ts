import type { TrainingOutcome } from '../../containers/training-container.ts';
import type { SecondaryStatus, TrainingJob } from './training-job.schema.ts';

const MESSAGES: Readonly<Record<SecondaryStatus, string>> = {
  Starting: 'Starting the training job',
  Downloading: 'Downloading input data',
  Training: 'Training in progress',
  Uploading: 'Uploading the trained model',
  Completed: 'Training job completed',
  Failed: 'Training job failed',
  Stopping: 'Stopping the training job',
  Stopped: 'Training job stopped',
  MaxRuntimeExceeded: 'Training job stopped: it ran for MaxRuntimeInSeconds',
  Restarting: 'Restarting the training job: the local region was stopped while it ran',
};

/** A job that moves on to another secondary status. */
export function enter(job: TrainingJob, status: SecondaryStatus, now: number): TrainingJob {
  const ended = job.transitions.map((transition) => ({ ...transition, ended: transition.ended ?? now }));
  const transition = { status, started: now, message: MESSAGES[status] };
  return {
    ...job,
    secondaryStatus: status,
    modified: now,
    // Paid time begins when the instances are there, which is when the download does.
    ...(status === 'Downloading' && { started: now }),
    transitions: [...ended, transition],
  };
}

/** A job that is over. */
export function finish(
  job: TrainingJob,
  end: Pick<TrainingJob, 'status' | 'secondaryStatus' | 'failureReason'>,
  now: number,
): TrainingJob {
  const entered = enter(job, end.secondaryStatus, now);
  const transitions = entered.transitions.map((transition) => ({
    ...transition,
    ended: transition.ended ?? now,
  }));
  return { ...entered, ...end, ended: now, transitions };
}

/** How a training's outcome ends its job; `undefined` when the job is not over, but interrupted by our own end. */
export function endOf(
  outcome: TrainingOutcome,
): Pick<TrainingJob, 'status' | 'secondaryStatus' | 'failureReason'> | undefined {
  switch (outcome.kind) {
    case 'completed':
      return { status: 'Completed', secondaryStatus: 'Completed' };
    case 'stopped':
      return { status: 'Stopped', secondaryStatus: 'Stopped' };
    case 'out-of-time':
      return { status: 'Stopped', secondaryStatus: 'MaxRuntimeExceeded' };
    case 'failed':
      return failed(`AlgorithmError: ${outcome.message}, exit code: ${outcome.exitCode}`);
    case 'closing':
      return undefined;
  }
}

/** SageMaker cuts reasons off at 1,024 characters. */
export function failed(reason: string): Pick<TrainingJob, 'status' | 'secondaryStatus' | 'failureReason'> {
  return { status: 'Failed', secondaryStatus: 'Failed', failureReason: reason.slice(0, 1024) };
}

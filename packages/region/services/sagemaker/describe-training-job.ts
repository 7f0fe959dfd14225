import * as z from 'zod';
import { below, formatS3Uri } from '../../containers/s3-uri.ts';
import { seconds } from '../../epoch-seconds.ts';
import { parseInput } from '../../gateway/parse-input.ts';
import type { Context } from './context.ts';
import { validationError } from './errors.ts';
import { entityName } from './members.schema.ts';
import type { TrainingJob } from './training-job.schema.ts';
import { outputOf } from './training-jobs.ts';

const inputSchema = z.strictObject({ TrainingJobName: entityName });

/** `DescribeTrainingJob` */
export function describeTrainingJob({ tables }: Context) {
  return async (input: unknown) => {
    const { TrainingJobName } = parseInput('sagemaker:DescribeTrainingJob', inputSchema, input);
    const job = await tables.trainingJobs.get(TrainingJobName);
    if (!job) throw validationError('Requested resource not found.');
    return describe(job);
  };
}

function describe(job: TrainingJob) {
  const { request } = job;
  return {
    ...request,
    TrainingJobArn: job.arn,
    ...modelArtifacts(job),
    TrainingJobStatus: job.status,
    SecondaryStatus: job.secondaryStatus,
    ...(job.failureReason && { FailureReason: job.failureReason }),
    EnableNetworkIsolation: request.EnableNetworkIsolation ?? false,
    EnableInterContainerTrafficEncryption: request.EnableInterContainerTrafficEncryption ?? false,
    EnableManagedSpotTraining: request.EnableManagedSpotTraining ?? false,
    CreationTime: seconds(job.created),
    LastModifiedTime: seconds(job.modified),
    ...trainingTime(job),
    SecondaryStatusTransitions: job.transitions.map(({ status, started, ended, message }) => ({
      Status: status,
      StartTime: seconds(started),
      ...(ended !== undefined && { EndTime: seconds(ended) }),
      StatusMessage: message,
    })),
    ...(job.metrics.length > 0 && {
      FinalMetricDataList: job.metrics.map(({ name, value, at }) => ({
        MetricName: name,
        Value: value,
        Timestamp: seconds(at),
      })),
    }),
  };
}

function modelArtifacts({ status, request }: TrainingJob) {
  if (status !== 'Completed' && status !== 'Stopped') return {};
  return { ModelArtifacts: { S3ModelArtifacts: formatS3Uri(below(outputOf(request), 'model.tar.gz')) } };
}

/** Paid from the download to the end, in whole seconds; a laptop's spot capacity is never cheaper. */
function trainingTime({ started, ended }: TrainingJob) {
  if (started === undefined) return {};
  const times = { TrainingStartTime: seconds(started) };
  if (ended === undefined) return times;
  const duration = Math.max(1, Math.ceil(seconds(ended - started)));
  return {
    ...times,
    TrainingEndTime: seconds(ended),
    TrainingTimeInSeconds: duration,
    BillableTimeInSeconds: duration,
  };
}

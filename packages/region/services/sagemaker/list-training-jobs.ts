import * as z from 'zod';
import { seconds } from '../../epoch-seconds.ts';
import { parseInput } from '../../gateway/parse-input.ts';
import type { Context } from './context.ts';
import { listingShape, listPage, sortingShape } from './listing.ts';
import { jobStatus } from './members.schema.ts';
import type { TrainingJob } from './training-job.schema.ts';

const inputSchema = z.strictObject({
  ...listingShape,
  StatusEquals: jobStatus.optional(),
  ...sortingShape,
});

/** `ListTrainingJobs`: newest first, unless asked otherwise. */
export function listTrainingJobs({ tables }: Context) {
  return async (input: unknown) => {
    const request = parseInput('sagemaker:ListTrainingJobs', inputSchema, input);
    const jobs = (await tables.trainingJobs.all()).map((job) => ({
      ...job,
      name: job.request.TrainingJobName,
    }));
    const wanted = jobs.filter(({ status }) => status === (request.StatusEquals ?? status));
    const { SortBy = 'CreationTime', SortOrder = 'Descending' } = request;
    const by = (job: (typeof jobs)[number]) =>
      ({ Name: job.name, CreationTime: job.created, Status: job.status })[SortBy];
    const { items, ...rest } = listPage(wanted, request, { by, descending: SortOrder === 'Descending' });
    return { TrainingJobSummaries: items.map(summarize), ...rest };
  };
}

function summarize(job: TrainingJob) {
  return {
    TrainingJobName: job.request.TrainingJobName,
    TrainingJobArn: job.arn,
    CreationTime: seconds(job.created),
    ...(job.ended !== undefined && { TrainingEndTime: seconds(job.ended) }),
    LastModifiedTime: seconds(job.modified),
    TrainingJobStatus: job.status,
    SecondaryStatus: job.secondaryStatus,
  };
}

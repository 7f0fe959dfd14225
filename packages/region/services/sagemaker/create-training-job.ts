import { parseInput } from '../../gateway/parse-input.ts';
import { arnOf, type Context, objectsOf } from './context.ts';
import { type CreateTrainingJobRequest, createTrainingJobSchema } from './create-training-job.schema.ts';
import { jobExists } from './errors.ts';
import { assertExecutionRole } from './execution-role.ts';
import { checkInputData } from './input-data.ts';
import type { Tags } from './members.schema.ts';
import { resolveImage } from './resolve-image.ts';
import type { TrainingJob } from './training-job.schema.ts';
import { checkTrainingJob } from './training-job-rules.ts';
import type { TrainingJobs } from './training-jobs.ts';
import { enter } from './training-progress.ts';

/** `CreateTrainingJob` */
export function createTrainingJob(context: Context, jobs: TrainingJobs) {
  return async (input: unknown) => {
    const { Tags: tags = [], ...request } = parseInput(
      'sagemaker:CreateTrainingJob',
      createTrainingJobSchema,
      input,
    );
    checkTrainingJob(request);
    const arn = arnOf(context, 'training-job', request.TrainingJobName);
    if (await context.tables.trainingJobs.get(request.TrainingJobName)) throw jobExists(arn);
    await resolveImage(context.images, request.AlgorithmSpecification.TrainingImage);
    assertExecutionRole(context, request.RoleArn, `training-job/${request.TrainingJobName}`);
    await checkChannelData(context, request);
    const job = newJob(arn, request, tags, context.clock.now());
    if (!(await context.tables.trainingJobs.add(request.TrainingJobName, job))) throw jobExists(arn);
    jobs.start(job);
    return { TrainingJobArn: arn };
  };
}

async function checkChannelData(context: Context, request: CreateTrainingJobRequest): Promise<void> {
  const objects = objectsOf(context, request.RoleArn);
  try {
    for (const { DataSource } of request.InputDataConfig ?? []) {
      await checkInputData(objects, DataSource.S3DataSource.S3Uri, request.RoleArn);
    }
  } finally {
    objects.close();
  }
}

function newJob(arn: string, request: TrainingJob['request'], tags: Tags, now: number): TrainingJob {
  const job: TrainingJob = {
    arn,
    request,
    tags,
    status: 'InProgress',
    secondaryStatus: 'Starting',
    created: now,
    modified: now,
    transitions: [],
    metrics: [],
  };
  return enter(job, 'Starting', now);
}

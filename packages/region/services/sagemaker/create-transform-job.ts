import { parseInput } from '../../gateway/parse-input.ts';
import { arnOf, type Context, objectsOf } from './context.ts';
import { containerOf } from './create-model.ts';
import { createTransformJobSchema } from './create-transform-job.schema.ts';
import { couldNotFind, jobExists } from './errors.ts';
import { checkInputData } from './input-data.ts';
import type { Model } from './model.schema.ts';
import { resolveImage } from './resolve-image.ts';
import { emitStateChange, transformJobDetail } from './state-change-event.ts';
import type { TransformJob } from './transform-job.schema.ts';
import type { TransformJobs } from './transform-jobs.ts';
import { checkTransformJob } from './transform-rules.ts';

/** `CreateTransformJob` */
export function createTransformJob(context: Context, jobs: TransformJobs) {
  return async (input: unknown) => {
    const parsed = parseInput('sagemaker:CreateTransformJob', createTransformJobSchema, input);
    const { Tags: tags = [], ...request } = parsed;
    checkTransformJob(request);
    const arn = arnOf(context, 'transform-job', request.TransformJobName);
    if (await context.tables.transformJobs.get(request.TransformJobName)) throw jobExists(arn);
    const model = await context.tables.models.get(request.ModelName);
    if (!model) throw couldNotFind('model', arnOf(context, 'model', request.ModelName));
    await resolveImage(context.images, containerOf(model.request).Image);
    await checkInput(context, request, model);
    const created = context.clock.now();
    const job: TransformJob = { arn, request, model: model.request, tags, status: 'InProgress', created };
    if (!(await context.tables.transformJobs.add(request.TransformJobName, job))) throw jobExists(arn);
    await emitStateChange(context, 'Transform Job', arn, transformJobDetail(job));
    jobs.start(job);
    return { TransformJobArn: arn };
  };
}

async function checkInput(context: Context, request: TransformJob['request'], model: Model): Promise<void> {
  const role = model.request.ExecutionRoleArn;
  const objects = objectsOf(context, role);
  try {
    await checkInputData(objects, request.TransformInput.DataSource.S3DataSource.S3Uri, role);
  } finally {
    objects.close();
  }
}

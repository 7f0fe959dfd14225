import * as z from 'zod';
import { parseInput } from '../../gateway/parse-input.ts';
import type { Context } from './context.ts';
import { validationError } from './errors.ts';
import { entityName } from './members.schema.ts';
import type { TransformJobs } from './transform-jobs.ts';

const inputSchema = z.strictObject({ TransformJobName: entityName });

/** `StopTransformJob` */
export function stopTransformJob({ tables }: Context, jobs: TransformJobs) {
  return async (input: unknown) => {
    const { TransformJobName: name } = parseInput('sagemaker:StopTransformJob', inputSchema, input);
    const job = await tables.transformJobs.get(name);
    if (!job) throw validationError(`Could not find requested job with name: ${name}`);
    if (job.status !== 'InProgress') {
      throw validationError(`The request was rejected because the transform job is in status ${job.status}.`);
    }
    await jobs.stop(name);
    return {};
  };
}

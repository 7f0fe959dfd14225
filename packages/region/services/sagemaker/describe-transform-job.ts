import * as z from 'zod';
import { seconds } from '../../epoch-seconds.ts';
import { parseInput } from '../../gateway/parse-input.ts';
import type { Context } from './context.ts';
import { validationError } from './errors.ts';
import { entityName } from './members.schema.ts';

const inputSchema = z.strictObject({ TransformJobName: entityName });

/** `DescribeTransformJob` */
export function describeTransformJob({ tables }: Context) {
  return async (input: unknown) => {
    const { TransformJobName: name } = parseInput('sagemaker:DescribeTransformJob', inputSchema, input);
    const job = await tables.transformJobs.get(name);
    if (!job) throw validationError(`Could not find requested job with name: ${name}`);
    return {
      ...job.request,
      TransformJobArn: job.arn,
      TransformJobStatus: job.status,
      ...(job.failureReason && { FailureReason: job.failureReason }),
      CreationTime: seconds(job.created),
      ...(job.started !== undefined && { TransformStartTime: seconds(job.started) }),
      ...(job.ended !== undefined && { TransformEndTime: seconds(job.ended) }),
    };
  };
}

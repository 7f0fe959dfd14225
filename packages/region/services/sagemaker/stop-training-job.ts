import * as z from 'zod';
import { parseInput } from '../../gateway/parse-input.ts';
import type { Context } from './context.ts';
import { validationError } from './errors.ts';
import { entityName } from './members.schema.ts';
import type { TrainingJobs } from './training-jobs.ts';

const inputSchema = z.strictObject({ TrainingJobName: entityName });

/** `StopTrainingJob` */
export function stopTrainingJob({ tables }: Context, jobs: TrainingJobs) {
  return async (input: unknown) => {
    const { TrainingJobName: name } = parseInput('sagemaker:StopTrainingJob', inputSchema, input);
    const job = await tables.trainingJobs.get(name);
    if (!job) throw validationError('Requested resource not found.');
    if (job.status !== 'InProgress') {
      throw validationError(`The request was rejected because the training job is in status ${job.status}.`);
    }
    await jobs.stop(name);
    return {};
  };
}

import type { Json } from '../machine-definition.schema.ts';
import { runtimeError, StateError } from '../state-error.ts';
import type { Integration, JobState, TaskCall } from './integration.ts';
import { parametersOf, supportedParameters } from './parameters.ts';
import { sagemakerParameters } from './sagemaker-parameters.ts';
import type { Sdk, SdkAnswer } from './sdk.client.ts';
import { optimisedErrors, withErrorNames } from './service-error.ts';

/** A kind of job: its noun gives the names of its actions and members. */
const jobNouns: Readonly<Record<string, string>> = {
  createTrainingJob: 'TrainingJob',
  createTransformJob: 'TransformJob',
  createProcessingJob: 'ProcessingJob',
  createHyperParameterTuningJob: 'HyperParameterTuningJob',
};

/** A job that has stopped has not done its work, so it fails the task as a failed one does. */
const failedStatuses: readonly (Json | undefined)[] = ['Failed', 'Stopped'];

/** SageMaker's timestamps are whole seconds at worst, so a job may look older than the call that made it. */
const timestampMilliseconds = 1_000;

/** Step Functions marks what it starts; a role without `sagemaker:AddTags` cannot start it. */
const managedByTag = { Key: 'MANAGED_BY_AWS', Value: 'STARTED_BY_STEP_FUNCTIONS' };

/** `arn:aws:states:::sagemaker:<action>`, and `.sync` for jobs, whose result is the answer to Describe. */
export function sagemaker(sdk: Sdk): Integration {
  const send = (call: TaskCall, action: string, parameters: Json): Promise<SdkAnswer> =>
    withErrorNames(optimisedErrors.sagemaker, () =>
      sdk.send({
        service: 'sagemaker',
        action,
        parameters,
        roleArn: call.roleArn,
        signal: call.signal,
        times: 'milliseconds',
      }),
    );

  async function describe(call: TaskCall): Promise<Json> {
    const { noun, name } = jobOf(call);
    const { output } = await send(call, `describe${noun}`, { [`${noun}Name`]: name });
    return output;
  }

  return {
    async call(call: TaskCall): Promise<Json> {
      const { action, pattern } = call.resource;
      const given = supportedParameters(call.arguments, sagemakerParameters[action] ?? []);
      const tags = Array.isArray(given.Tags) ? given.Tags : [];
      const parameters = pattern === 'sync' ? { ...given, Tags: [...tags, managedByTag] } : given;
      return (await send(call, action, parameters)).output;
    },

    async look(call: TaskCall): Promise<JobState> {
      const job = await describe(call);
      const status = parametersOf(job)[`${jobOf(call).noun}Status`];
      if (status === 'Completed') return { status: 'succeeded', result: job };
      if (failedStatuses.includes(status)) throw new StateError('States.TaskFailed', JSON.stringify(job));
      return { status: 'running' };
    },

    async stop(call: TaskCall): Promise<void> {
      const { noun, name } = jobOf(call);
      await send(call, `stop${noun}`, { [`${noun}Name`]: name });
    },

    async adopt(call: TaskCall, since: number): Promise<Json | undefined> {
      try {
        const job = parametersOf(await describe(call));
        const created = job.CreationTime;
        const arn = `${jobOf(call).noun}Arn`;
        return typeof created === 'number' && created >= since - timestampMilliseconds
          ? { [arn]: job[arn] ?? null }
          : undefined;
      } catch (error) {
        // SageMaker answers a Describe of what does not exist with a validation error.
        if (error instanceof StateError) return undefined;
        throw error;
      }
    },
  };
}

function jobOf({ resource: { action }, arguments: given }: TaskCall): { noun: string; name: Json } {
  const noun = Object.hasOwn(jobNouns, action) ? jobNouns[action] : undefined;
  if (noun === undefined) throw runtimeError(`sagemaker:${action} does not support .sync.`);
  return { noun, name: parametersOf(given)[`${noun}Name`] ?? null };
}

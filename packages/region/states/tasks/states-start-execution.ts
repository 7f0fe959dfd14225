import type { Json } from '../machine-definition.schema.ts';
import { StateError } from '../state-error.ts';
import type { Integration, JobState, TaskCall } from './integration.ts';
import { httpMetadata, parametersOf, supportedParameters } from './parameters.ts';
import type { Sdk, SdkAnswer } from './sdk.client.ts';
import { optimisedErrors, withErrorNames } from './service-error.ts';

/** `arn:aws:states:::states:startExecution`: a nested execution. `.sync:2` gives its input and output as JSON. */
export function statesStartExecution(sdk: Sdk): Integration {
  const send = (call: TaskCall, action: string, parameters: Json): Promise<SdkAnswer> =>
    withErrorNames(optimisedErrors.states, () =>
      sdk.send({
        service: 'sfn',
        action,
        parameters,
        roleArn: call.roleArn,
        signal: call.signal,
        times: 'milliseconds',
      }),
    );

  return {
    async call(call: TaskCall): Promise<Json> {
      const { Input = {}, ...given } = supportedParameters(call.arguments, [
        'StateMachineArn',
        'Name',
        'Input',
      ]);
      // A child without input has {}, also where the argument is null (LocalStack 8b9a79f, test_sfn_task_service.py).
      const input = typeof Input === 'string' ? Input : JSON.stringify(Input ?? {});
      const answer = await send(call, 'startExecution', { ...given, Input: input });
      return { ...parametersOf(answer.output), ...httpMetadata(answer) };
    },

    async look(call: TaskCall, submission: Json): Promise<JobState> {
      const { output } = await send(call, 'describeExecution', executionOf(submission));
      const execution = parametersOf(output);
      if (execution.Status === 'RUNNING') return { status: 'running' };
      const result = call.resource.version === 2 ? withParsedPayloads(execution) : execution;
      if (execution.Status !== 'SUCCEEDED') {
        throw new StateError('States.TaskFailed', JSON.stringify(execution));
      }
      return { status: 'succeeded', result };
    },

    async stop(call: TaskCall, submission: Json): Promise<void> {
      await send(call, 'stopExecution', executionOf(submission));
    },
  };
}

const executionOf = (submission: Json): Json => ({
  ExecutionArn: parametersOf(submission).ExecutionArn ?? null,
});

function withParsedPayloads(execution: Readonly<Record<string, Json>>): Record<string, Json> {
  const parsed = (['Input', 'Output'] as const).flatMap((name): [string, Json][] => {
    const text = execution[name];
    return typeof text === 'string' ? [[name, JSON.parse(text)]] : [];
  });
  return { ...execution, ...Object.fromEntries(parsed) };
}

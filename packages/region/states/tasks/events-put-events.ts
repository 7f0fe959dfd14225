import type { Json } from '../machine-definition.schema.ts';
import { StateError } from '../state-error.ts';
import type { Integration, TaskCall } from './integration.ts';
import { parametersOf, supportedParameters } from './parameters.ts';
import type { Sdk } from './sdk.client.ts';
import { optimisedErrors, withErrorNames } from './service-error.ts';

/**
 * `arn:aws:states:::events:putEvents`: `Detail` may be an object, the machine and the execution become resources of
 * every event, and one refused entry fails the task although the others are delivered.
 */
export function eventsPutEvents(sdk: Sdk): Integration {
  return {
    async call(call: TaskCall): Promise<Json> {
      const { Entries } = supportedParameters(call.arguments, ['Entries']);
      const entries = (Array.isArray(Entries) ? Entries : []).map((entry) => completed(entry, call));
      const { output } = await withErrorNames(optimisedErrors.events, () =>
        sdk.send({
          service: 'eventbridge',
          action: 'putEvents',
          parameters: { Entries: entries },
          roleArn: call.roleArn,
          signal: call.signal,
        }),
      );
      const { FailedEntryCount } = parametersOf(output);
      if (FailedEntryCount !== 0) throw new StateError('EventBridge.FailedEntry', JSON.stringify(output));
      return output;
    },
  };
}

function completed(given: Json, { stateMachineArn, executionArn }: TaskCall): Json {
  const { Detail, Resources, ...entry } = parametersOf(given);
  return {
    ...entry,
    ...(Detail !== undefined && { Detail: typeof Detail === 'string' ? Detail : JSON.stringify(Detail) }),
    Resources: [...(Array.isArray(Resources) ? Resources : []), stateMachineArn, executionArn],
  };
}

import type { Json } from '../machine-definition.schema.ts';
import { StateError } from '../state-error.ts';
import type { Integration, TaskCall } from './integration.ts';
import { httpMetadata, parametersOf, supportedParameters } from './parameters.ts';
import type { Sdk } from './sdk.client.ts';
import { optimisedErrors, withErrorNames } from './service-error.ts';
import type { Turns } from './turns.ts';

const supported = ['FunctionName', 'Payload', 'InvocationType', 'Qualifier', 'ClientContext', 'LogType'];

/**
 * `arn:aws:states:::lambda:invoke`: the payload is JSON both ways, and an error of the function fails the task.
 * @param turns as many as there are invocations at once
 */
export function lambdaInvoke(sdk: Sdk, turns: Turns): Integration {
  return {
    admit: (signal) => turns.take(signal),
    async call({ arguments: given, roleArn, signal }: TaskCall): Promise<Json> {
      const parameters = supportedParameters(given, supported);
      const answer = await withErrorNames(optimisedErrors.lambda, () =>
        sdk.send({
          service: 'lambda',
          action: 'invoke',
          parameters: { ...parameters, Payload: bodyOf(parameters.Payload ?? {}) },
          roleArn,
          signal,
        }),
      );
      const { FunctionError, Payload, ...others } = parametersOf(answer.output);
      const payload = typeof Payload === 'string' ? Payload : '';
      if (FunctionError !== undefined) throw functionError(payload);
      return { ...others, Payload: parsedOr(payload), ...httpMetadata(answer) };
    },
  };
}

/** A text is sent as it is, as AWS does (LocalStack 8b9a79f, `test_invoke_json_values`); Lambda refuses it if it is not JSON. */
const bodyOf = (payload: Json): string => (typeof payload === 'string' ? payload : JSON.stringify(payload));

/** Error name and cause of a function that failed: its `errorType`, and everything it reported, as text. */
function functionError(payload: string): StateError {
  const report = parsedOr(payload);
  const errorType =
    typeof report === 'object' && report !== null && 'errorType' in report ? report.errorType : undefined;
  return typeof errorType === 'string' && errorType !== ''
    ? new StateError(errorType, payload)
    : new StateError('Lambda.Unknown', `The function failed without an error type. It returned: ${payload}`);
}

function parsedOr(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    // Lambda's own answers are JSON; what is not stays the text that it is.
    return text;
  }
}

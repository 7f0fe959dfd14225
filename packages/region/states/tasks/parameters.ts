import type { Json } from '../machine-definition.schema.ts';
import { runtimeError } from '../state-error.ts';

export type Parameters = Readonly<Record<string, Json>>;

/** A task's arguments as the object that every integration needs. */
export function parametersOf(given: Json): Parameters {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given;
  throw runtimeError(`The arguments of a task must be an object, not ${JSON.stringify(given)}.`);
}

/**
 * Arguments of an optimised integration, which takes only some of its API's parameters.
 * @throws StateError `States.Runtime` in AWS's words for any other
 */
export function supportedParameters(given: Json, supported: readonly string[]): Parameters {
  const parameters = parametersOf(given);
  const unknown = Object.keys(parameters).find((name) => !supported.includes(name));
  if (unknown === undefined) return parameters;
  throw runtimeError(`The field "${unknown}" is not supported by Step Functions`);
}

/** What the optimised integrations of Lambda and Step Functions add to an answer. */
export const httpMetadata = ({ requestId, statusCode }: { requestId: string; statusCode: number }) => ({
  SdkHttpMetadata: { AllHttpHeaders: {}, HttpHeaders: {}, HttpStatusCode: statusCode },
  SdkResponseMetadata: { RequestId: requestId },
});

import { runtimeError } from '../state-error.ts';
import type { Pattern, Resource } from './integration.ts';
import { sagemakerParameters } from './sagemaker-parameters.ts';
import { sdkServices } from './sdk-services.client.ts';

const request: readonly Pattern[] = ['request-response'];
const requestOrToken: readonly Pattern[] = ['request-response', 'waitForTaskToken'];
const requestOrJob: readonly Pattern[] = ['request-response', 'sync'];

/** The optimised integrations that the region has, by service and action, and how the result of a task comes about. */
const optimised: Readonly<Record<string, Readonly<Record<string, readonly Pattern[]>>>> = {
  dynamodb: { getItem: request, putItem: request, updateItem: request, deleteItem: request },
  events: { putEvents: requestOrToken },
  lambda: { invoke: requestOrToken },
  sagemaker: Object.fromEntries(
    Object.keys(sagemakerParameters).map((action) => [
      action,
      action.endsWith('Job') ? requestOrJob : request,
    ]),
  ),
  states: { startExecution: ['request-response', 'sync', 'waitForTaskToken'] },
};

/** @throws StateError `States.Runtime` for a resource that the region does not have, or that does not exist in AWS either */
export function assertServed({ service, action, isSdk, pattern, resourceType, resource }: Resource): void {
  if (isSdk && !Object.hasOwn(sdkServices, service))
    throw runtimeError(`The local region has no SDK client for '${service}'.`);
  const actions = Object.hasOwn(optimised, service) ? optimised[service] : {};
  const patterns = isSdk ? requestOrToken : actions?.[action];
  if (patterns === undefined)
    throw runtimeError(`The local region has no optimised integration ${service}:${action}.`);
  if (!patterns.includes(pattern))
    throw runtimeError(`The resource ${resourceType}:${resource} does not exist.`);
}

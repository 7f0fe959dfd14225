import { awsSdk } from './aws-sdk.ts';
import { dynamodb } from './dynamodb.ts';
import { eventsPutEvents } from './events-put-events.ts';
import type { Integration, Resource } from './integration.ts';
import { lambdaInvoke } from './lambda-invoke.ts';
import { sagemaker } from './sagemaker.ts';
import type { Sdk } from './sdk.client.ts';
import { assertServed } from './served-resources.ts';
import { statesStartExecution } from './states-start-execution.ts';
import { Turns } from './turns.ts';

/**
 * Finds the integration of a task's resource, or throws as `assertServed` does.
 * @param invocationsAtOnce how many invocations of functions the region runs at the same time
 */
export function integrations(
  sdk: Sdk,
  invocationsAtOnce = Number.POSITIVE_INFINITY,
): (resource: Resource) => Integration {
  const sdkIntegration = awsSdk(sdk);
  /** By service, or by service and action where there is one action only. */
  const optimised: Readonly<Record<string, Integration>> = {
    dynamodb: dynamodb(sdk),
    'events:putEvents': eventsPutEvents(sdk),
    'lambda:invoke': lambdaInvoke(sdk, new Turns(invocationsAtOnce)),
    sagemaker: sagemaker(sdk),
    'states:startExecution': statesStartExecution(sdk),
  };
  return (resource) => {
    assertServed(resource);
    const { service, action, isSdk } = resource;
    const integration = isSdk ? sdkIntegration : (optimised[`${service}:${action}`] ?? optimised[service]);
    if (integration === undefined) throw new Error(`Nothing integrates ${service}:${action}.`);
    return integration;
  };
}

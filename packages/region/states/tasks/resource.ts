import { runtimeError } from '../state-error.ts';
import type { Pattern, Resource } from './integration.ts';

const resourcePattern =
  /^arn:aws[a-z-]*:states:::(?<sdk>aws-sdk:)?(?<service>[a-z0-9]+):(?<action>[A-Za-z0-9]+)(?<suffix>\.sync|\.sync:2|\.waitForTaskToken)?$/;

const patterns: Readonly<Record<string, Pattern>> = {
  '': 'request-response',
  '.sync': 'sync',
  '.sync:2': 'sync',
  '.waitForTaskToken': 'waitForTaskToken',
};

/**
 * Takes a task's `Resource` apart. Activities and bare Lambda ARNs are not supported: the first need a poller,
 * the second are the older form of `arn:aws:states:::lambda:invoke`.
 * @throws StateError `States.Runtime` for any other form
 */
export function parseResource(arn: string): Resource {
  const { sdk, service, action, suffix = '' } = resourcePattern.exec(arn)?.groups ?? {};
  const pattern = patterns[suffix];
  if (service === undefined || action === undefined || pattern === undefined) {
    throw runtimeError(
      `The local region does not support the task resource '${arn}'; it takes arn:aws:states:::<service>:<action> and arn:aws:states:::aws-sdk:<service>:<action>.`,
    );
  }
  return {
    resourceType: `${sdk ?? ''}${service}`,
    resource: `${action}${suffix}`,
    service,
    action,
    pattern,
    version: suffix === '.sync:2' ? 2 : 1,
    isSdk: sdk !== undefined,
  };
}

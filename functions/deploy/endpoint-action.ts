import type { Endpoint } from '@tidemark/domain/endpoints/endpoint.ts';
import { unreachable } from '@tidemark/domain/errors.ts';
import type { Goal, RolloutProgress } from './rollout.schema.ts';

/** What to do about an endpoint, and a sentence for those who watch. */
export interface EndpointAction {
  readonly kind: 'create' | 'update' | 'delete' | 'wait' | 'prove' | 'settle' | 'give-up';
  readonly message: string;
}

/** Decides what brings an endpoint as it is (`null`: there is none) nearer to the goal. */
export function decideAction(
  goal: Goal,
  endpoint: Endpoint | null,
  progress: RolloutProgress,
): EndpointAction {
  if (endpoint === null) return whenMissing(goal, progress);
  switch (endpoint.status) {
    case 'Creating':
    case 'Updating':
    case 'SystemUpdating':
    case 'RollingBack':
    case 'Deleting':
      return action('wait', `Waiting: the endpoint ${goal.endpointName} is ${endpoint.status}.`);
    case 'Failed':
      return whenFailed(goal, endpoint, progress);
    case 'InService':
    case 'OutOfService':
    case 'UpdateRollbackFailed':
      return whenAtRest(goal, endpoint, progress);
    default:
      return unreachable(endpoint.status);
  }
}

function whenMissing(goal: Goal, progress: RolloutProgress): EndpointAction {
  if (goal.endpointConfigName === null) return action('settle', `There is no endpoint ${goal.endpointName}.`);
  if (wasChanged(progress)) {
    return action(
      'give-up',
      `The endpoint ${goal.endpointName} has disappeared: somebody deleted it meanwhile.`,
    );
  }
  return action('create', `Creating the endpoint ${goal.endpointName} with ${goal.endpointConfigName}.`);
}

/** SageMaker takes nothing but DeleteEndpoint for a failed endpoint, and nothing is lost by it: it serves nothing. */
function whenFailed(goal: Goal, endpoint: Endpoint, progress: RolloutProgress): EndpointAction {
  if (wasChanged(progress) && goal.endpointConfigName !== null) {
    return action('give-up', `SageMaker could not bring the endpoint into service: ${reasonOf(endpoint)}`);
  }
  return action(
    'delete',
    `Deleting the endpoint ${goal.endpointName}, which has failed: ${reasonOf(endpoint)}`,
  );
}

function whenAtRest(goal: Goal, endpoint: Endpoint, progress: RolloutProgress): EndpointAction {
  if (goal.endpointConfigName === null) {
    return action('delete', `Deleting the endpoint ${goal.endpointName}: the goal is to have none.`);
  }
  const isThere = endpoint.status === 'InService' && endpoint.endpointConfigName === goal.endpointConfigName;
  if (isThere) return whenInService(goal, goal.endpointConfigName);
  if (wasChanged(progress)) return action('give-up', wentBack(goal.endpointConfigName, endpoint));
  if (endpoint.kind === 'instance' && goal.kind === 'serverless') return whenNotUpdatable(goal);
  return action('update', `Updating the endpoint ${goal.endpointName} to ${goal.endpointConfigName}.`);
}

function whenInService(goal: Goal, endpointConfigName: string): EndpointAction {
  const message = `The endpoint ${goal.endpointName} is in service with ${endpointConfigName}.`;
  return action(goal.version === null ? 'settle' : 'prove', message);
}

function whenNotUpdatable(goal: Goal): EndpointAction {
  if (goal.mayReplace) {
    return action(
      'delete',
      `Deleting the endpoint ${goal.endpointName} to create it again: SageMaker cannot update instances to serverless.`,
    );
  }
  return action(
    'give-up',
    'The endpoint runs on instances and the version is to be served serverless, which SageMaker does not update to. ' +
      'Keep "kind: instance" in the definition, or start the deployment again with "replaceEndpoint": true, which deletes ' +
      'the endpoint and creates it again; requests fail for some minutes.',
  );
}

function wentBack(wanted: string, endpoint: Endpoint): string {
  const now = `the endpoint is ${endpoint.status} with ${endpoint.endpointConfigName} instead of ${wanted}`;
  const why =
    endpoint.failureReason ??
    'an alarm on the new fleet went off, or the new fleet did not become healthy; the log group of the endpoint tells which.';
  return `SageMaker did not complete the change, ${now}: ${why}`;
}

function reasonOf({ failureReason }: Endpoint): string {
  return failureReason ?? 'SageMaker gives no reason.';
}

/** Whether SageMaker took a request towards this goal that should have led there. */
function wasChanged({ accepted }: RolloutProgress): boolean {
  return accepted === 'create' || accepted === 'update';
}

function action(kind: EndpointAction['kind'], message: string): EndpointAction {
  return { kind, message };
}

import type {
  CreateEndpointCommandInput,
  DeleteEndpointCommandInput,
  UpdateEndpointCommandInput,
} from '@aws-sdk/client-sagemaker';
import type { Endpoint } from '@tidemark/domain/endpoints/endpoint.ts';
import { unreachable } from '@tidemark/domain/errors.ts';
import type { CaughtError } from '@tidemark/domain/executions/caught-error.schema.ts';
import { describeError } from './caught-error.ts';
import { decideAction, type EndpointAction } from './endpoint-action.ts';
import { endpointTags, type HostingSettings } from './endpoint-plan.ts';
import type { Goal, NextStep, RolloutProgress } from './rollout.schema.ts';

/**
 * How often SageMaker may refuse a request towards one goal. It reads its own configurations with a delay (CreateEndpoint's
 * documentation: "eventually consistent") and limits how many updates run at once; after three refusals with waits in between
 * the reason is one that lasts.
 */
const maximumRefusals = 3;

/**
 * How long a request may be held up because SageMaker is busy with those of other models. The longest update takes 8 of the 12 hours that an
 * execution has.
 */
const maximumHeldUpSeconds = 3 * 3600;

/** Where the endpoint is to be called, for whom, and what was done so far. */
interface Situation {
  readonly goal: Goal;
  readonly endpoint: Endpoint | null;
  readonly progress: RolloutProgress;
  readonly settings: Pick<HostingSettings, 'stage' | 'tags'>;
  readonly model: string;
}

/** The next step with the request it takes, within the limits on waiting and on refusals. */
export function decideNextStep(situation: Situation): NextStep {
  const { goal, endpoint, progress } = situation;
  const action = decideAction(goal, endpoint, progress);
  const { kind, message } = action;
  if (kind === 'prove' || kind === 'settle' || kind === 'give-up') return { step: kind, message };
  const limit = limitReached(action, progress, goal.limitSeconds);
  if (limit !== undefined) return { step: 'give-up', message: limit };
  const seconds = pollSeconds(progress.waitedSeconds + progress.heldUpSeconds);
  if (kind === 'wait') return { step: kind, message, seconds };
  return { step: kind, message, seconds, request: { ...requestFor(kind, situation) } };
}

/**
 * Time to the next look, in seconds: a third of the time that has passed, between 2 and 60. What is fast is seen fast, what is
 * slow is asked seldom: 8 hours, the longest update, are 500 looks, and at some 10 events each far from the 25,000 that an
 * execution's history holds.
 */
export function pollSeconds(waitedSeconds: number): number {
  return Math.min(60, Math.max(2, Math.ceil(waitedSeconds / 3)));
}

function limitReached(
  { kind, message }: EndpointAction,
  { waitedSeconds, heldUpSeconds, heldUpBy, refusals, lastRefusal }: RolloutProgress,
  limitSeconds: number,
): string | undefined {
  if (waitedSeconds >= limitSeconds) {
    return `This took longer than ${Math.round(limitSeconds / 60)} minutes, the limit. ${message}`;
  }
  if (kind === 'wait') return undefined;
  if (lastRefusal !== null && isQuotaOfZero(lastRefusal))
    return `${describeError(lastRefusal)} ${quotaRemedy}`;
  if (heldUpBy !== null && heldUpSeconds >= maximumHeldUpSeconds) {
    return `SageMaker was too busy for ${Math.round(heldUpSeconds / 3600)} hours: ${describeError(heldUpBy)} ${quotaRemedy}`;
  }
  if (refusals < maximumRefusals) return undefined;
  return `SageMaker refused ${refusals} times. ${lastRefusal === null ? '' : describeError(lastRefusal)}`.trim();
}

const quotaRemedy =
  'Raise the quota, retire a model that is no longer needed, or change how this one is served; then start the deployment again.';

/**
 * A refusal because SageMaker is busy, with too many requests or too many endpoints at a time, does not count against the request: it is
 * held up, and tried again until its turn comes.
 */
export function withoutHoldUps(progress: RolloutProgress): RolloutProgress {
  const { lastRefusal, refusals, waitedSeconds, heldUpSeconds } = progress;
  if (lastRefusal === null || !isBusy(lastRefusal) || isQuotaOfZero(lastRefusal)) return progress;
  return {
    ...progress,
    refusals: Math.max(0, refusals - 1),
    lastRefusal: null,
    heldUpBy: lastRefusal,
    waitedSeconds: 0,
    // Every hold-up counts, so that somebody who is always refused at once is told some day.
    heldUpSeconds: heldUpSeconds + Math.max(1, waitedSeconds),
  };
}

/** By the text: an invalid request has the same name as one too many. */
function isBusy({ Error: name, Cause: cause }: CaughtError): boolean {
  return (
    /ResourceLimitExceeded|Throttling|TooManyRequests/.test(`${name} ${cause}`) ||
    cause.includes('Rate exceeded')
  );
}

/** `The account-level service limit '…' is 0 Endpoints`: waiting does not help. */
function isQuotaOfZero({ Error: name, Cause: cause }: CaughtError): boolean {
  return /ResourceLimitExceeded/.test(`${name} ${cause}`) && /\bis 0\b/.test(cause);
}

function requestFor(
  kind: 'create' | 'update' | 'delete',
  { goal, endpoint, settings, model }: Situation,
): CreateEndpointCommandInput | UpdateEndpointCommandInput | DeleteEndpointCommandInput {
  const EndpointName = goal.endpointName;
  const EndpointConfigName = goal.endpointConfigName ?? undefined;
  switch (kind) {
    case 'create':
      return { EndpointName, EndpointConfigName, Tags: endpointTags(settings, model) };
    case 'update':
      return { EndpointName, EndpointConfigName, ...trafficOf(goal, endpoint) };
    case 'delete':
      return { EndpointName };
    default:
      return unreachable(kind);
  }
}

/** Guarded updates are between two fleets of instances; a serverless endpoint has no fleet to move traffic from. */
function trafficOf(
  goal: Goal,
  endpoint: Endpoint | null,
): Pick<UpdateEndpointCommandInput, 'DeploymentConfig'> {
  if (goal.deploymentConfig === null || endpoint?.kind !== 'instance') return {};
  return { DeploymentConfig: goal.deploymentConfig };
}

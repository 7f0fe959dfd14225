import { type Endpoint, endpointStatuses } from '@tidemark/domain/endpoints/endpoint.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideAction, type EndpointAction } from '../../functions/deploy/endpoint-action.ts';
import { type Goal, noProgress, type RolloutProgress } from '../../functions/deploy/rollout.schema.ts';
import { configName, endpointOf, goalOf } from './deploy-records.ts';

interface Case {
  title: string;
  goal?: Partial<Goal>;
  endpoint: Endpoint | null;
  progress?: Partial<RolloutProgress>;
  action: EndpointAction['kind'];
  message?: RegExp;
}

const goingBack: Partial<Goal> = { purpose: 'roll-back', mayReplace: true };
const none: Partial<Goal> = { ...goingBack, endpointConfigName: null, kind: null, version: null };

describe('deploying version 2', () => {
  it.each<Case>([
    { title: 'creates an endpoint that is missing', endpoint: null, action: 'create' },
    { title: 'updates an endpoint that serves version 1', endpoint: endpointOf(1), action: 'update' },
    { title: 'proves at once what already has its configuration', endpoint: endpointOf(2), action: 'prove' },
    {
      title: 'proves after its update',
      endpoint: endpointOf(2),
      progress: { accepted: 'update' },
      action: 'prove',
    },
    {
      title: 'waits for an update, its own or another’s',
      endpoint: endpointOf(1, { status: 'Updating' }),
      action: 'wait',
      message: /is Updating/,
    },
    {
      title: 'waits while SageMaker goes back',
      endpoint: endpointOf(1, { status: 'RollingBack' }),
      progress: { accepted: 'update' },
      action: 'wait',
    },
    {
      title: 'gives up when SageMaker has gone back, and says why as far as SageMaker does',
      endpoint: endpointOf(1, { failureReason: 'Alarm v2-server-errors is in ALARM.' }),
      progress: { accepted: 'update' },
      action: 'give-up',
      message: /InService with .*-v1-.* instead of .*-v2-.*: Alarm v2-server-errors is in ALARM\./,
    },
    {
      title: 'gives up when SageMaker has gone back without a word',
      endpoint: endpointOf(1),
      progress: { accepted: 'update' },
      action: 'give-up',
      message: /an alarm on the new fleet went off, or the new fleet did not become healthy/,
    },
    {
      title: 'gives up on an endpoint that failed as it was created',
      endpoint: endpointOf(2, { status: 'Failed', failureReason: 'The container did not pass the ping.' }),
      progress: { accepted: 'create' },
      action: 'give-up',
      message: /could not bring the endpoint into service: The container did not pass the ping\./,
    },
    {
      title: 'deletes an endpoint that had failed before, as SageMaker allows nothing else',
      endpoint: endpointOf(1, { status: 'Failed' }),
      action: 'delete',
    },
    {
      title: 'creates the endpoint anew after that',
      endpoint: null,
      progress: { accepted: 'delete' },
      action: 'create',
    },
    {
      title: 'gives up when somebody deletes the endpoint meanwhile',
      endpoint: null,
      progress: { accepted: 'update' },
      action: 'give-up',
      message: /somebody deleted it/,
    },
    {
      title: 'updates an endpoint that is a mix of two configurations',
      endpoint: endpointOf(2, { status: 'UpdateRollbackFailed' }),
      action: 'update',
    },
    {
      title: 'goes from serverless to an instance',
      goal: { kind: 'instance' },
      endpoint: endpointOf(1),
      action: 'update',
    },
    {
      title: 'does not go from an instance to serverless by itself, and says how to',
      endpoint: endpointOf(1, { kind: 'instance' }),
      action: 'give-up',
      message: /"replaceEndpoint": true.*requests fail for some minutes/,
    },
    {
      title: 'goes from an instance to serverless when it was asked to replace the endpoint',
      goal: { mayReplace: true },
      endpoint: endpointOf(1, { kind: 'instance' }),
      action: 'delete',
    },
  ])('$title', expectAction);
});

describe('going back to version 2', () => {
  it.each<Case>([
    { title: 'updates an endpoint that serves another', endpoint: endpointOf(3), action: 'update' },
    { title: 'proves what SageMaker has put back already', endpoint: endpointOf(2), action: 'prove' },
    {
      title: 'deletes a failed endpoint',
      endpoint: endpointOf(3, { status: 'Failed' }),
      action: 'delete',
    },
    { title: 'creates it again', endpoint: null, progress: { accepted: 'delete' }, action: 'create' },
    {
      title: 'replaces an endpoint on instances by the serverless one that was there',
      endpoint: endpointOf(3, { kind: 'instance' }),
      action: 'delete',
    },
    {
      title: 'settles for a former configuration that no version stands behind',
      goal: { version: null },
      endpoint: endpointOf(2),
      action: 'settle',
    },
  ])('$title', ({ goal, ...more }) => expectAction({ goal: { ...goingBack, ...goal }, ...more }));
});

describe('going back to no endpoint', () => {
  it.each<Case>([
    { title: 'deletes what serves', endpoint: endpointOf(2), action: 'delete' },
    { title: 'deletes what failed', endpoint: endpointOf(2, { status: 'Failed' }), action: 'delete' },
    {
      title: 'waits for what is being created, as SageMaker does not delete it',
      endpoint: endpointOf(2, { status: 'Creating' }),
      action: 'wait',
    },
    {
      title: 'settles when there is none',
      endpoint: null,
      progress: { accepted: 'delete' },
      action: 'settle',
    },
  ])('$title', (one) => expectAction({ ...one, goal: none }));
});

describe('in any situation', () => {
  const version = fc.constantFrom(1, 2);
  const kind = fc.constantFrom('serverless', 'instance');
  const endpoint = fc.option(
    fc.record({
      status: fc.constantFrom(...endpointStatuses),
      endpointConfigName: version.map(configName),
      pendingConfigName: fc.constant(null),
      kind,
      failureReason: fc.constant(null),
      resolvedImage: fc.constant(null),
    }),
  );
  const accepted = fc.constantFrom('none', 'create', 'update', 'delete');
  const goal = fc.oneof(
    fc.record({ purpose: fc.constant('deploy'), kind, mayReplace: fc.boolean() }),
    fc.record({ purpose: fc.constant('roll-back'), kind, mayReplace: fc.constant(true) }),
    fc.constant(none),
  );

  it('proves only what is in service with the goal’s configuration', () => {
    fc.assert(
      fc.property(goal, endpoint, accepted, (some, now, done) => {
        const action = decideAction(goalOf(2, some as Partial<Goal>), now as Endpoint | null, {
          ...noProgress,
          accepted: done,
        });
        if (action.kind === 'prove')
          expect(now).toMatchObject({ status: 'InService', endpointConfigName: configName(2) });
      }),
    );
  });

  it('never deletes an endpoint that serves, unless it is to be replaced or was not there before', () => {
    fc.assert(
      fc.property(goal, endpoint, accepted, (some, now, done) => {
        const wanted = goalOf(2, some as Partial<Goal>);
        const action = decideAction(wanted, now as Endpoint | null, { ...noProgress, accepted: done });
        if (action.kind !== 'delete' || now?.status === 'Failed') return;
        expect(wanted.mayReplace || wanted.endpointConfigName === null).toBe(true);
      }),
    );
  });
});

function expectAction({ goal = {}, endpoint, progress = {}, action, message }: Case): void {
  const decided = decideAction(goalOf(2, goal), endpoint, { ...noProgress, ...progress });

  expect(decided).toMatchObject({ kind: action });
  if (message) expect(decided.message).toMatch(message);
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Goal, noProgress, type Progress } from '../../functions/deploy/deployment.schema.ts';
import { decideNextStep, pollSeconds } from '../../functions/deploy/next-step.ts';
import type { Endpoint } from '../../functions/endpoints/endpoint.ts';
import { configName, endpointName, endpointOf, goalOf, model } from './records.ts';

const deploymentConfig = { BlueGreenUpdatePolicy: { TerminationWaitInSeconds: 300 } };

function next(goal: Partial<Goal>, endpoint: Endpoint | null, progress: Partial<Progress> = {}) {
  return decideNextStep({
    goal: goalOf(2, goal),
    endpoint,
    progress: { ...noProgress, ...progress },
    settings: { stage: 'dev', tags: [] },
    model,
  });
}

describe('the request of a step', () => {
  it('creates an endpoint with tags', () => {
    expect(next({}, null)).toMatchObject({
      step: 'create',
      request: {
        EndpointName: endpointName,
        EndpointConfigName: configName(2),
        Tags: [
          { Key: 'tidemark:stage', Value: 'dev' },
          { Key: 'tidemark:model', Value: model },
        ],
      },
    });
  });

  it('guards an update from instances to instances', () => {
    const step = next({ kind: 'instance', deploymentConfig }, endpointOf(1, { kind: 'instance' }));

    expect(step).toMatchObject({
      step: 'update',
      request: {
        EndpointName: endpointName,
        EndpointConfigName: configName(2),
        DeploymentConfig: deploymentConfig,
      },
    });
  });

  it('leaves out guards from serverless to instances, which have no old fleet to share traffic with', () => {
    const step = next({ kind: 'instance', deploymentConfig }, endpointOf(1));

    expect(step).toMatchObject({
      step: 'update',
      request: { EndpointName: endpointName, EndpointConfigName: configName(2) },
    });
    expect(step).not.toHaveProperty('request.DeploymentConfig');
  });

  it('deletes by name', () => {
    expect(next({}, endpointOf(1, { status: 'Failed' }))).toMatchObject({
      step: 'delete',
      request: { EndpointName: endpointName },
    });
  });
});

describe('the limits of a goal', () => {
  const updating = endpointOf(1, { status: 'Updating' });

  it('waits up to the limit', () => {
    expect(next({ limitSeconds: 2700 }, updating, { waitedSeconds: 2699 })).toMatchObject({ step: 'wait' });
  });

  it('gives up at the limit, and says what it was waiting for', () => {
    expect(next({ limitSeconds: 2700 }, updating, { waitedSeconds: 2700 })).toMatchObject({
      step: 'give-up',
      message: expect.stringMatching(/longer than 45 minutes.*is Updating/),
    });
  });

  it('proves what has arrived, however long it took', () => {
    expect(next({ limitSeconds: 2700 }, endpointOf(2), { waitedSeconds: 99_999 })).toMatchObject({
      step: 'prove',
    });
  });

  it('tries again after SageMaker refused twice', () => {
    expect(next({}, null, { refusals: 2 })).toMatchObject({ step: 'create' });
  });

  it('gives up after three refusals, and passes on what SageMaker said', () => {
    const lastRefusal = {
      Error: 'SageMaker.ResourceLimitExceededException',
      Cause: 'The account-level service limit is 0 Instances',
    };

    expect(next({}, null, { refusals: 3, lastRefusal })).toEqual({
      step: 'give-up',
      message: 'SageMaker refused 3 times. The account-level service limit is 0 Instances.',
    });
  });

  it('still waits for what was accepted after refusals', () => {
    expect(next({}, updating, { refusals: 3 })).toMatchObject({ step: 'wait' });
  });
});

describe('the time between two looks', () => {
  it('grows from 2 to 60 seconds', () => {
    expect([0, 6, 30, 90, 180, 3600].map(pollSeconds)).toEqual([2, 2, 10, 30, 60, 60]);
  });

  it('ends every wait within the limit and one look, in fewer looks than an execution’s history holds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30_600 }), (limitSeconds) => {
        let waited = 0;
        let looks = 0;
        while (waited < limitSeconds) {
          waited += pollSeconds(waited);
          looks += 1;
        }
        expect(waited).toBeLessThan(limitSeconds + 60);
        // Some 10 events a look, 25,000 in all, and two goals.
        expect(looks).toBeLessThan(1000);
      }),
    );
  });
});

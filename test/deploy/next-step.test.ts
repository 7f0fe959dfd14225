import type { Endpoint } from '@tidemark/domain/endpoints/endpoint.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideNextStep, pollSeconds, withoutHoldUps } from '../../functions/deploy/next-step.ts';
import { type Goal, noProgress, type RolloutProgress } from '../../functions/deploy/rollout.schema.ts';
import { configName, endpointName, endpointOf, goalOf, model } from './deploy-records.ts';

const deploymentConfig = { BlueGreenUpdatePolicy: { TerminationWaitInSeconds: 300 } };

function next(goal: Partial<Goal>, endpoint: Endpoint | null, progress: Partial<RolloutProgress> = {}) {
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
    const lastRefusal = { Error: 'SageMaker.SageMakerException', Cause: 'The variant has no model' };

    expect(next({}, null, { refusals: 3, lastRefusal })).toEqual({
      step: 'give-up',
      message: 'SageMaker refused 3 times. The variant has no model.',
    });
  });

  const quota = (limit: number) => ({
    Error: 'SageMaker.ResourceLimitExceededException',
    Cause: `The account-level service limit 'Serverless endpoints' is ${limit} Endpoints, with current utilization of ${limit} Endpoints`,
  });
  const throttling = {
    Error: 'SageMaker.SageMakerException',
    Cause: 'Rate exceeded (Service: SageMaker; Status Code: 400)',
  };

  it.each([
    ['a rate', throttling],
    ['a quota that is used up', quota(50)],
  ])('%s is no refusal: the turn of the request comes, within three hours', (_, lastRefusal) => {
    let progress: RolloutProgress = noProgress;
    let seconds = 0;
    for (;;) {
      const step = next({ limitSeconds: 2700 }, null, progress);
      if (step.step !== 'create') {
        expect(step).toMatchObject({
          step: 'give-up',
          message: expect.stringMatching(/^SageMaker was too busy for 3 hours: .*(Raise the quota)/),
        });
        break;
      }
      seconds += step.seconds;
      // As the state machine does when the request is refused, and the next look.
      progress = withoutHoldUps({
        ...progress,
        waitedSeconds: progress.waitedSeconds + step.seconds,
        refusals: progress.refusals + 1,
        lastRefusal,
      });
      expect(progress).toMatchObject({ refusals: 0, waitedSeconds: 0, lastRefusal: null });
    }
    expect(seconds).toBeGreaterThanOrEqual(3 * 3600);
    expect(seconds).toBeLessThan(3.1 * 3600);
  });

  it('a hold-up is counted once, and what was accepted after it has its whole time', () => {
    const heldUp = withoutHoldUps({ ...noProgress, refusals: 1, lastRefusal: throttling, waitedSeconds: 60 });

    expect(withoutHoldUps(heldUp)).toEqual(heldUp);
    expect(
      next({ limitSeconds: 2700 }, updating, { ...heldUp, accepted: 'create', waitedSeconds: 2699 }),
    ).toMatchObject({
      step: 'wait',
    });
  });

  it('a quota of zero is told at once', () => {
    expect(
      next({}, null, withoutHoldUps({ ...noProgress, refusals: 1, lastRefusal: quota(0) })),
    ).toMatchObject({
      step: 'give-up',
      message: expect.stringMatching(/Serverless endpoints' is 0 Endpoints.*Raise the quota/),
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

import type { Lease, VersionStatus } from '@tidemark/domain/registry/records.schema.ts';
import { describe, expect, it } from 'vitest';
import { rollbackGoal } from '../../functions/deploy/rollback-goal.ts';
import { decideRollbackRecord } from '../../functions/deploy/rollback-record.ts';
import {
  configName,
  deploymentOf,
  endpointName,
  goalOf,
  instanceSettings,
  liveVersion,
  now,
} from './deploy-records.ts';

const failure = { Error: 'EndpointNotProven', Cause: 'Row 3 of 20 answered 0.7 where 0.6 was recorded' };
const retired = { Error: 'ModelRetiredError', Cause: 'flight-delay is retired.' };
const before = { endpointConfigName: configName(1), kind: 'serverless' } as const;

describe('the goal of going back', () => {
  it('is the live version, to be proven by its own rows', () => {
    const goal = rollbackGoal(deploymentOf(2, { before }), liveVersion(1), failure);

    expect(goal).toMatchObject({
      purpose: 'roll-back',
      endpointConfigName: configName(1),
      kind: 'serverless',
      version: 1,
    });
  });

  it('is reached at once and by any means: what serves now is unproven', () => {
    expect(rollbackGoal(deploymentOf(2), liveVersion(1), failure)).toMatchObject({
      mayReplace: true,
      deploymentConfig: null,
    });
  });

  it('is the kind that the live version was served with', () => {
    const goal = rollbackGoal(deploymentOf(2), liveVersion(1, { deployment: instanceSettings }), failure);

    expect(goal.kind).toBe('instance');
  });

  it('is the former configuration when nothing was live, without proof', () => {
    expect(rollbackGoal(deploymentOf(2, { before }), null, failure)).toMatchObject({
      endpointConfigName: configName(1),
      version: null,
    });
  });

  it('is no endpoint when there was none', () => {
    expect(rollbackGoal(deploymentOf(1), null, failure)).toMatchObject({
      endpointConfigName: null,
      version: null,
    });
  });

  it('is what was there when the live version itself was deployed again', () => {
    const goal = rollbackGoal(deploymentOf(1, { before, expectedLiveVersion: 1 }), liveVersion(1), failure);

    expect(goal).toMatchObject({ endpointConfigName: configName(1), version: null });
  });
});

describe('a deployment whose model is retired meanwhile', () => {
  const deployment = deploymentOf(2, { expectedLiveVersion: 1, before });
  const lease: Lease = { owner: 'deployment-one', purpose: 'deploy', until: '2026-03-01T13:00:00.000Z' };
  const goal = rollbackGoal(deployment, liveVersion(1), retired);
  const failed = { deployment, goal, failure: retired, rollbackFailure: null };
  const facts = (live: number | null, status: VersionStatus = 'deploying') => ({
    model: { liveVersion: live, restoreVersion: null, lease },
    version: { status, deployer: 'deployment-one' },
  });

  it('goes to no endpoint, whatever was live', () => {
    expect(goal).toMatchObject({ purpose: 'roll-back', endpointConfigName: null, version: null });
  });

  it('is no failure, and leaves nothing live', () => {
    const record = decideRollbackRecord(failed, facts(1), now);

    expect(record).toMatchObject({ error: null, liveVersion: null, restoreVersion: 1 });
    expect(record.statusChanges).toEqual([
      { version: 2, from: 'deploying', to: 'deploy-failed', reason: 'flight-delay is retired.' },
      { version: 1, from: 'live', to: 'retired', reason: 'The model was retired.' },
    ]);
    expect(record.event.detail.message).toBe(
      'Version 2 of flight-delay is not live: flight-delay is retired. There is no endpoint tidemark-dev-flight-delay any more. ' +
        'Version 1 is deployed when the model is active again.',
    );
  });

  it('keeps a first version for the day when the model is active again', () => {
    expect(decideRollbackRecord(failed, facts(null), now)).toMatchObject({
      liveVersion: null,
      restoreVersion: 2,
    });
  });

  it('of the live version itself leaves that retired', () => {
    const again = { ...failed, deployment: deploymentOf(1, { expectedLiveVersion: 1, before }) };

    const record = decideRollbackRecord(again, facts(1, 'live'), now);

    expect(record).toMatchObject({ liveVersion: null, restoreVersion: 1 });
    expect(record.statusChanges).toEqual([
      { version: 1, from: 'live', to: 'retired', reason: 'flight-delay is retired.' },
    ]);
  });

  it('is a failure when the endpoint cannot be taken away', () => {
    const rollbackFailure = { Error: 'EndpointNotReached', Cause: 'SageMaker refused 3 times.' };

    const record = decideRollbackRecord({ ...failed, rollbackFailure }, facts(1), now);

    expect(record).toMatchObject({ error: 'RollbackFailed', liveVersion: null, restoreVersion: 1 });
    expect(record.statusChanges).toContainEqual(expect.objectContaining({ version: 1, to: 'deploy-failed' }));
  });
});

describe('the record of a failed deployment', () => {
  const deployment = deploymentOf(2, { expectedLiveVersion: 1, before });
  const lease: Lease = { owner: 'deployment-one', purpose: 'deploy', until: '2026-03-01T13:00:00.000Z' };
  const facts = (status: VersionStatus = 'deploying', more = {}) => ({
    model: { liveVersion: 1 as number | null, lease: lease as Lease | null, ...more },
    version: { status, deployer: 'deployment-one' },
  });
  const backToOne = goalOf(1, { purpose: 'roll-back' });
  const failed = { deployment, goal: backToOne, failure, rollbackFailure: null };

  it('keeps the pointer on the version that was proven to serve again', () => {
    const record = decideRollbackRecord(failed, facts(), now);

    expect(record).toMatchObject({ liveVersion: 1, holdsLease: true, error: 'DeploymentRolledBack' });
    expect(record.statusChanges).toEqual([
      {
        version: 2,
        from: 'deploying',
        to: 'deploy-failed',
        reason: 'Row 3 of 20 answered 0.7 where 0.6 was recorded.',
      },
    ]);
  });

  it('says what failed, what serves and what to do', () => {
    const { event } = decideRollbackRecord(failed, facts(), now);

    expect(event.detail).toMatchObject({
      model: 'flight-delay',
      version: 2,
      endpointName,
      serving: 1,
      causeId: 'approval-1',
      message:
        'Version 2 of flight-delay is not live: Row 3 of 20 answered 0.7 where 0.6 was recorded. ' +
        'Version 1 serves, and answers its hold-out rows as recorded. ' +
        'Once that is fixed, deploy { "model": "flight-delay", "version": 2 }.',
    });
  });

  it('reads the message out of what Lambda reports', () => {
    const fromLambda = {
      Error: 'TransientError',
      Cause: JSON.stringify({
        errorType: 'TransientError',
        errorMessage: 'The container answered HTTP 500',
        trace: [],
      }),
    };
    const { event } = decideRollbackRecord({ ...failed, failure: fromLambda }, facts(), now);

    expect(event.detail.message).toMatch(/is not live: The container answered HTTP 500\. Version 1/);
  });

  it.each([
    {
      title: 'there is no endpoint again',
      goal: { ...backToOne, endpointConfigName: null, kind: null, version: null },
      sentence: /There is no endpoint tidemark-dev-flight-delay, as before\./,
    },
    {
      title: 'the endpoint has a configuration that no version stands behind',
      goal: { ...backToOne, version: null },
      sentence: /has its former configuration .*-v1-abc123, which belongs to no live version/,
    },
  ])('says that nothing serves when $title', ({ goal, sentence }) => {
    const { event, liveVersion: pointer } = decideRollbackRecord(
      { ...failed, goal },
      facts('deploying', { liveVersion: null }),
      now,
    );

    expect(event.detail.serving).toBeNull();
    expect(event.detail.message).toMatch(sentence);
    expect(pointer).toBeNull();
  });

  it('calls nothing live when going back failed, and says so loudly', () => {
    const rollbackFailure = { Error: 'EndpointNotReached', Cause: 'SageMaker refused 3 times.' };

    const record = decideRollbackRecord({ ...failed, rollbackFailure }, facts(), now);

    expect(record).toMatchObject({ liveVersion: null, error: 'RollbackFailed' });
    expect(record.statusChanges).toEqual([
      expect.objectContaining({ version: 2, to: 'deploy-failed' }),
      {
        version: 1,
        from: 'live',
        to: 'deploy-failed',
        reason:
          'The deployment of version 2 failed and the endpoint could not go back to this version. SageMaker refused 3 times.',
      },
    ]);
    expect(record.event.detail).toMatchObject({
      serving: null,
      message: expect.stringMatching(
        /Going back failed too: SageMaker refused 3 times\. Nothing is proven to serve: .*runbook/,
      ),
    });
  });

  it('empties the pointer when the live version was deployed again and cannot be proven', () => {
    const again = deploymentOf(1, { expectedLiveVersion: 1, before });
    const goal = goalOf(1, { purpose: 'roll-back', version: null });

    const record = decideRollbackRecord({ ...failed, deployment: again, goal }, facts('live'), now);

    expect(record.liveVersion).toBeNull();
    expect(record.statusChanges).toEqual([
      expect.objectContaining({ version: 1, from: 'live', to: 'deploy-failed' }),
    ]);
  });

  it('leaves pointer and lease alone when another execution has the model', () => {
    const taken = { ...lease, owner: 'run-abc', purpose: 'train' as const };
    const rollbackFailure = { Error: 'LeaseLostError', Cause: 'The training run run-abc holds it.' };

    const record = decideRollbackRecord(
      { ...failed, rollbackFailure },
      facts('deploying', { lease: taken }),
      now,
    );

    expect(record.holdsLease).toBe(false);
    expect(record.statusChanges).toEqual([expect.objectContaining({ version: 2, to: 'deploy-failed' })]);
  });

  it('leaves the version alone when another deployment has taken it up since', () => {
    const theirs = { ...facts(), version: { status: 'deploying' as const, deployer: 'deployment-two' } };

    expect(decideRollbackRecord(failed, theirs, now).statusChanges).toEqual([]);
  });
});

import type { Endpoint } from '@tidemark/domain/endpoints/endpoint.ts';
import type { Lease, VersionStatus } from '@tidemark/domain/registry/records.schema.ts';
import { describe, expect, it } from 'vitest';
import { deployGoal, formerConfiguration } from '../../functions/deploy/deploy-goal.ts';
import { planEndpoint } from '../../functions/deploy/endpoint-plan.ts';
import { leftUndone } from '../../functions/deploy/left-undone.ts';
import { configName, endpointOf, instanceSettings, versionRecord } from './deploy-records.ts';

const settings = {
  stage: 'dev',
  tags: [],
  serverlessMaxConcurrency: 10,
  kmsKeyArn: null,
  artifactsBucket: 'artifacts',
};

describe('the goal of a deployment', () => {
  it('is what was planned, to be proven by the version’s own rows', () => {
    const plan = planEndpoint(versionRecord(2, { deployment: instanceSettings }), settings);

    expect(deployGoal(plan, 2, false)).toMatchObject({
      purpose: 'deploy',
      endpointConfigName: plan.endpointConfigName,
      kind: 'instance',
      version: 2,
      mayReplace: false,
      deploymentConfig: plan.deploymentConfig,
    });
  });
});

describe('what a deployment may go back to', () => {
  const own = { endpointConfigName: configName(2) };

  it.each<{ title: string; endpoint: Endpoint | null; begunBefore: boolean; former: string | null }>([
    {
      title: 'the configuration that serves',
      endpoint: endpointOf(1),
      begunBefore: false,
      former: configName(1),
    },
    {
      title: 'the configuration that an update by another starts from',
      endpoint: endpointOf(1, { status: 'Updating' }),
      begunBefore: true,
      former: configName(1),
    },
    {
      title: 'its own, when it served before',
      endpoint: endpointOf(2),
      begunBefore: false,
      former: configName(2),
    },
    { title: 'nothing without an endpoint', endpoint: null, begunBefore: false, former: null },
    {
      title: 'nothing when the endpoint has failed',
      endpoint: endpointOf(1, { status: 'Failed' }),
      begunBefore: false,
      former: null,
    },
    {
      title: 'nothing when the endpoint is what the deployment made before it was interrupted',
      endpoint: endpointOf(2),
      begunBefore: true,
      former: null,
    },
  ])('is $title', ({ endpoint, begunBefore, former }) => {
    expect(formerConfiguration(endpoint, own, begunBefore)?.endpointConfigName ?? null).toBe(former);
  });
});

describe('what a stopped execution has left undone', () => {
  const owners = { formerOwner: 'deployment-one', leaseOwner: 'deployment-two' };
  const leaseOf = (owner: string): Lease => ({ owner, purpose: 'deploy', until: '2026-03-01T13:00:00.000Z' });
  const left = (holder: string | null, status: VersionStatus, deployer?: string) =>
    leftUndone(
      {
        model: { lease: holder === null ? null : leaseOf(holder) },
        version: { status, ...(deployer && { deployer }) },
      },
      owners,
    );

  it.each<{ holder: string | null; status: VersionStatus; deployer?: string; undone: string }>([
    { holder: 'deployment-one', status: 'deploying', deployer: 'deployment-one', undone: 'deployment' },
    { holder: 'deployment-one', status: 'live', deployer: 'deployment-one', undone: 'deployment' },
    { holder: 'deployment-two', status: 'deploying', deployer: 'deployment-two', undone: 'deployment' },
    { holder: 'deployment-two', status: 'deploying', deployer: 'deployment-one', undone: 'deployment' },
    { holder: 'deployment-one', status: 'approved', undone: 'lease' },
    { holder: 'deployment-one', status: 'deploy-failed', deployer: 'deployment-zero', undone: 'lease' },
    { holder: null, status: 'live', deployer: 'deployment-one', undone: 'nothing' },
    { holder: 'run-3', status: 'deploying', deployer: 'deployment-one', undone: 'nothing' },
    { holder: 'deployment-three', status: 'deploying', deployer: 'deployment-three', undone: 'nothing' },
  ])('is $undone when $holder has the model and the version is $status by $deployer', (one) => {
    expect(left(one.holder, one.status, one.deployer)).toBe(one.undone);
  });
});

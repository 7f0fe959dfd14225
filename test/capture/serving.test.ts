import { type Endpoint, endpointStatuses } from '@tidemark/domain/endpoints/endpoint.ts';
import type { Lease } from '@tidemark/domain/registry/records.schema.ts';
import { describe, expect, it } from 'vitest';
import { decideServing } from '../../functions/capture/serving.ts';

const config = (version: number) => `tidemark-dev-flight-delay-v${version}-abc123`;

const endpoint = (version: number, more: Partial<Endpoint> = {}): Endpoint => ({
  status: 'InService',
  endpointConfigName: config(version),
  pendingConfigName: null,
  kind: 'serverless',
  failureReason: null,
  resolvedImage: null,
  ...more,
});

const lease = (purpose: Lease['purpose']): Lease => ({
  owner: 'one',
  purpose,
  until: '2026-03-01T12:00:00.000Z',
});

const model = (liveVersion: number | null, purpose?: Lease['purpose']) => ({
  model: 'flight-delay',
  liveVersion,
  lease: purpose === undefined ? null : lease(purpose),
});

describe('it is settled which version answers', () => {
  it.each([
    ['nobody has the model', model(3)],
    ['it is being trained', model(3, 'train')],
  ])('while %s', (_, record) => {
    expect(decideServing(record, endpoint(3))).toEqual({ kind: 'settled', version: 3 });
  });
});

describe('it is not settled which version answers', () => {
  it.each([
    ['a deployment has the model', model(3, 'deploy'), endpoint(3), [3]],
    ['a deployment has put the next version there', model(3, 'deploy'), endpoint(4), [4, 3]],
    [
      'the endpoint is being updated',
      model(3, 'deploy'),
      endpoint(3, { status: 'Updating', pendingConfigName: config(4) }),
      [3, 4],
    ],
    [
      'SageMaker goes back',
      model(3, 'deploy'),
      endpoint(3, { status: 'RollingBack', pendingConfigName: config(4) }),
      [3, 4],
    ],
    ['a deployment was left undone', model(3), endpoint(4), [4, 3]],
    ['somebody else changed the endpoint', model(3), endpoint(3, { endpointConfigName: 'theirs' }), [3]],
    ['an update went wrong', model(3), endpoint(3, { status: 'UpdateRollbackFailed' }), [3]],
    ['SageMaker mends the endpoint', model(3), endpoint(3, { status: 'SystemUpdating' }), [3]],
  ])('when %s', (_, record, description, versions) => {
    expect(decideServing(record, description)).toEqual({ kind: 'changing', versions });
  });
});

describe('nothing serves', () => {
  it('before a version is live, even if one is being proven', () => {
    expect(decideServing(model(null, 'deploy'), endpoint(1))).toEqual({
      kind: 'none',
      message: 'No version of flight-delay is live yet. Feed it data and wait for deployment.succeeded.',
    });
  });

  it('when the endpoint is gone, and says what puts it back', () => {
    expect(decideServing(model(3), null)).toEqual({
      kind: 'none',
      message:
        'The endpoint of flight-delay is gone. Start the deploy workflow with { "model": "flight-delay", "version": 3 }, which restores it.',
    });
  });

  it('in every state in which SageMaker answers nothing', () => {
    const silent = endpointStatuses.filter(
      (status) => decideServing(model(3), endpoint(3, { status })).kind === 'none',
    );

    expect(silent).toEqual(['OutOfService', 'Creating', 'Deleting', 'Failed']);
  });
});

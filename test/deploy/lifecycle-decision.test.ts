import type { ModelRecord } from '@tidemark/domain/registry/records.schema.ts';
import { describe, expect, it } from 'vitest';
import { decideAction } from '../../functions/deploy/endpoint-action.ts';
import { decideLifecycle, removalGoal } from '../../functions/deploy/lifecycle-decision.ts';
import { decideRemovalRecord } from '../../functions/deploy/removal-record.ts';
import { noProgress } from '../../functions/deploy/rollout.schema.ts';
import { modelRecord, retired } from '../support/registry.ts';
import { endpointName, endpointOf, model, now } from './deploy-records.ts';

const active = (more: Partial<ModelRecord> = {}) => modelRecord(model, more);

describe('the endpoint of a model follows its lifecycle:', () => {
  it.each([
    ['retired and live, it goes', retired(active({ liveVersion: 3 })), { kind: 'remove' }],
    ['retired without a live version, it goes if there is one', retired(active()), { kind: 'remove' }],
    ['active and live, it stays', active({ liveVersion: 3 }), { kind: 'nothing' }],
    ['active again, it comes back', active({ restoreVersion: 3 }), { kind: 'restore', version: 3 }],
    [
      'active again, with another version live, it stays',
      active({ liveVersion: 4, restoreVersion: 3 }),
      { kind: 'nothing' },
    ],
    ['active and never live, there is none', active(), { kind: 'nothing' }],
  ])('%s', (_, record, decision) => {
    expect(decideLifecycle(record, endpointName)).toMatchObject(decision);
  });
});

describe('taking an endpoint away', () => {
  const goal = removalGoal(endpointName);

  it.each([
    ['deletes it', endpointOf(1), 'delete'],
    ['deletes one that has failed', endpointOf(1, { status: 'Failed' }), 'delete'],
    ['waits while SageMaker changes it', endpointOf(1, { status: 'Updating' }), 'wait'],
    ['waits until it is gone', endpointOf(1, { status: 'Deleting' }), 'wait'],
    ['is done when there is none', null, 'settle'],
  ])('%s', (_, endpoint, kind) => {
    expect(decideAction(goal, endpoint, noProgress).kind).toBe(kind);
  });
});

describe('the record of an endpoint that was to go', () => {
  const removal = { model, causeId: 'retired-1', leaseOwner: 'deployment-one', endpointName };
  const lease = { owner: 'deployment-one', purpose: 'deploy', until: '2026-03-01T13:00:00.000Z' } as const;

  it('retires the live version and keeps it for later', () => {
    const record = decideRemovalRecord(removal, null, retired(active({ liveVersion: 3, lease })), now);

    expect(record).toMatchObject({ holdsLease: true, liveVersion: null, restoreVersion: 3, error: null });
    expect(record.statusChanges).toEqual([
      { version: 3, from: 'live', to: 'retired', reason: 'The model was retired.' },
    ]);
    expect(record.event).toMatchObject({
      type: 'endpoint.removed',
      detail: {
        version: 3,
        endpointName,
        causeId: 'retired-1',
        message:
          'The endpoint tidemark-dev-flight-delay is gone, and costs nothing any more. Version 3 of flight-delay is kept, ' +
          'with its endpoint configuration, and is deployed again when the model is active.',
      },
    });
  });

  it('keeps what was live at an earlier retirement', () => {
    const facts = retired(active({ restoreVersion: 2, lease }));

    expect(decideRemovalRecord(removal, null, facts, now)).toMatchObject({
      restoreVersion: 2,
      statusChanges: [],
      event: { detail: { version: null } },
    });
  });

  it('says what comes next if the model is active again meanwhile', () => {
    const { event } = decideRemovalRecord(removal, null, active({ liveVersion: 3, lease }), now);

    expect(event.detail.message).toContain('active again meanwhile: version 3 is deployed next');
  });

  it('changes nothing but the lease when the endpoint is still there, and says what to do', () => {
    const failure = { Error: 'EndpointNotReached', Cause: 'SageMaker refused 3 times.' };
    const facts = retired(active({ liveVersion: 3, lease }));

    expect(decideRemovalRecord(removal, failure, facts, now)).toMatchObject({
      statusChanges: [],
      liveVersion: 3,
      error: 'EndpointNotRemoved',
      event: {
        type: 'endpoint.removal-failed',
        detail: {
          error: 'EndpointNotReached',
          message:
            'The endpoint tidemark-dev-flight-delay of flight-delay, which is retired, could not be deleted and may cost money: ' +
            'SageMaker refused 3 times. Once that is fixed, start deploy with { "model": "flight-delay" }.',
        },
      },
    });
  });

  it('leaves the model alone once another execution has it', () => {
    const theirs = { ...lease, owner: 'run-abc' };

    expect(decideRemovalRecord(removal, null, retired(active({ lease: theirs })), now).holdsLease).toBe(
      false,
    );
  });
});

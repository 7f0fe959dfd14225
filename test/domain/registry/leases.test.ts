import {
  decideAcquire,
  decideHandOver,
  decideRelease,
  decideRenew,
  isHeld,
  type LeaseRequest,
} from '@tidemark/domain/registry/leases.ts';
import type { Lease } from '@tidemark/domain/registry/records.schema.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const now = new Date('2026-03-01T12:00:00.000Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const request = (owner: string, seconds = 60): LeaseRequest => ({ owner, purpose: 'train', seconds });
const leaseOf = (owner: string, seconds: number): Lease => ({
  owner,
  purpose: 'train',
  until: later(seconds).toISOString(),
});

describe('acquiring a lease', () => {
  it.each([
    { title: 'grants a free lease', current: null, because: 'free' },
    { title: 'grants a lease that expired', current: leaseOf('run-b', -1), because: 'expired' },
    {
      title: 'grants a lease that expires at this instant',
      current: leaseOf('run-b', 0),
      because: 'expired',
    },
    { title: 'grants the owner its own again', current: leaseOf('run-a', 30), because: 'own' },
    { title: 'grants the owner its own after it expired', current: leaseOf('run-a', -30), because: 'own' },
  ])('$title', ({ current, because }) => {
    const decision = decideAcquire(current, request('run-a'), now);

    expect(decision).toEqual({ kind: 'granted', lease: leaseOf('run-a', 60), because });
  });

  it('refuses while another holds it, and says who', () => {
    const held = leaseOf('run-b', 0.001);

    expect(decideAcquire(held, request('run-a'), now)).toEqual({ kind: 'refused', holder: held });
  });
});

describe('renewing a lease', () => {
  it('extends the caller’s own and keeps its purpose', () => {
    const current: Lease = { ...leaseOf('version-3', 5), purpose: 'deploy' };

    const decision = decideRenew(current, { owner: 'version-3', seconds: 60 }, now);

    expect(decision).toMatchObject({
      kind: 'granted',
      lease: { purpose: 'deploy', until: later(60).toISOString() },
    });
  });

  it.each([
    { title: 'a lease that was released', current: null },
    { title: 'a lease that another took', current: leaseOf('run-b', 5) },
    { title: 'a lease that another took and let expire', current: leaseOf('run-b', -5) },
  ])('refuses $title', ({ current }) => {
    const decision = decideRenew(current, { owner: 'run-a', seconds: 60 }, now);

    expect(decision).toEqual({ kind: 'refused', holder: current });
  });
});

describe('handing a lease over', () => {
  const to: LeaseRequest = { owner: 'version-7', purpose: 'deploy', seconds: 600 };

  it.each([
    { title: 'from its owner', current: leaseOf('run-a', 5) },
    { title: 'from its owner after it expired, if nobody took it', current: leaseOf('run-a', -5) },
    { title: 'once more when the hand-over is repeated', current: leaseOf('version-7', 5) },
  ])('grants it $title', ({ current }) => {
    const decision = decideHandOver(current, 'run-a', to, now);

    expect(decision).toMatchObject({ kind: 'granted', lease: { owner: 'version-7', purpose: 'deploy' } });
  });

  it.each([null, leaseOf('run-b', 5), leaseOf('run-b', -5)])(
    'refuses it from anybody else (%j)',
    (current) => {
      expect(decideHandOver(current, 'run-a', to, now)).toEqual({ kind: 'refused', holder: current });
    },
  );
});

describe('releasing a lease', () => {
  it('releases the owner’s', () => {
    expect(decideRelease(leaseOf('run-a', 5), ['run-a'])).toEqual({ kind: 'released' });
  });

  it.each([null, leaseOf('run-b', 5)])('leaves another’s alone (%j)', (current) => {
    expect(decideRelease(current, ['run-a'])).toEqual({ kind: 'not-held', holder: current });
  });
});

describe('any interleaving', () => {
  const owner = fc.constantFrom('run-a', 'run-b', 'version-1', 'version-2');
  const seconds = fc.integer({ min: 1, max: 100 });
  const step = fc.oneof(
    fc.record({ kind: fc.constant('acquire' as const), owner, seconds }),
    fc.record({ kind: fc.constant('renew' as const), owner, seconds }),
    fc.record({ kind: fc.constant('hand-over' as const), owner, to: owner, seconds }),
    fc.record({ kind: fc.constant('release' as const), owner }),
    fc.record({ kind: fc.constant('wait' as const), seconds }),
  );

  it('lets at most one owner believe that it holds the lease, and only the one on record', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let clock = now;
        let current: Lease | null = null;
        /** What each owner was last told, as it would remember it itself. */
        const beliefs = new Map<string, Lease>();

        for (const taken of steps) {
          if (taken.kind === 'wait') clock = new Date(clock.getTime() + taken.seconds * 1000);
          else if (taken.kind === 'release') {
            if (decideRelease(current, [taken.owner]).kind === 'released') current = null;
            beliefs.delete(taken.owner);
          } else {
            const decision = decide(current, taken, clock);
            if (decision.kind === 'granted') {
              current = decision.lease;
              if (taken.kind === 'hand-over') beliefs.delete(taken.owner);
              beliefs.set(decision.lease.owner, decision.lease);
            }
          }
          const believers = [...beliefs.values()].filter((lease) => isHeld(lease, clock));
          expect(believers.length).toBeLessThanOrEqual(1);
          for (const believed of believers) expect(believed).toEqual(current);
        }
      }),
      { numRuns: 500 },
    );
  });

  type Taken = { owner: string; seconds: number } & (
    | { kind: 'acquire' | 'renew' }
    | { kind: 'hand-over'; to: string }
  );
  function decide(current: Lease | null, taken: Taken, clock: Date) {
    const { owner, seconds } = taken;
    switch (taken.kind) {
      case 'acquire':
        return decideAcquire(current, { owner, purpose: 'train', seconds }, clock);
      case 'renew':
        return decideRenew(current, { owner, seconds }, clock);
      case 'hand-over':
        return decideHandOver(current, owner, { owner: taken.to, purpose: 'deploy', seconds }, clock);
    }
  }
});

import {
  claimIdOf,
  claimRecord,
  deliveryMemorySeconds,
  eventDelivery,
  objectDelivery,
} from '@tidemark/domain/registry/claims.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const owner = 'arn:aws:states:eu-west-1:111122223333:execution:onboard:1';

describe('a claim', () => {
  it('remembers what was delivered, who took it and until when it counts', () => {
    const now = new Date('2026-03-01T12:00:00.999Z');

    const record = claimRecord({ capability: 'train', delivery: eventDelivery('e1'), owner }, now);

    expect(record).toEqual({
      capability: 'train',
      delivery: 'event:e1',
      owner,
      claimedAt: '2026-03-01T12:00:00.999Z',
      expiresAt: Math.floor(now.getTime() / 1000) + 15 * 24 * 3600,
    });
  });

  it('outlives EventBridge’s retries (1 day) and the time an execution can be redriven (14 days)', () => {
    expect(deliveryMemorySeconds).toBeGreaterThanOrEqual((1 + 14) * 24 * 3600);
  });

  it('is another one for another capability', () => {
    const delivery = eventDelivery('e1');

    expect(claimIdOf({ capability: 'train', delivery })).not.toBe(
      claimIdOf({ capability: 'deploy', delivery }),
    );
  });

  it('names each version of each object differently, within DynamoDB’s 2,048 bytes', () => {
    const object = fc.record({
      bucket: fc.stringMatching(/^[a-z][a-z0-9-]{2,20}$/),
      key: fc.string({ minLength: 1, maxLength: 1024 }),
      versionId: fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/),
    });
    fc.assert(
      fc.property(object, object, (a, b) => {
        const idOf = (o: typeof a) => claimIdOf({ capability: 'ingest', delivery: objectDelivery(o) });
        const same = a.bucket === b.bucket && a.key === b.key && a.versionId === b.versionId;
        expect(idOf(a) === idOf(b)).toBe(same);
        expect(Buffer.byteLength(keys.claim(idOf(a)).pk)).toBeLessThan(2048);
      }),
    );
  });
});

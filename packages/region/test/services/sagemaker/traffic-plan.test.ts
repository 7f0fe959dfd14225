import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeploymentConfig } from '../../../services/sagemaker/deployment-config.schema.ts';
import { planTraffic, takesRequest } from '../../../services/sagemaker/traffic-plan.ts';

function config(routing: object, TerminationWaitInSeconds?: number): DeploymentConfig {
  return {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 60, ...routing },
      TerminationWaitInSeconds,
    },
  };
}

const percent = (Value: number) => ({ Type: 'CAPACITY_PERCENT' as const, Value });
const instances = (Value: number) => ({ Type: 'INSTANCE_COUNT' as const, Value });

describe('planTraffic', () => {
  test.each([
    ['no configuration', undefined, [[100, 0]]],
    ['all at once', config({}, 30), [[100, 30]]],
    [
      'a canary',
      config({ Type: 'CANARY', CanarySize: percent(25) }, 30),
      [
        [25, 60],
        [100, 30],
      ],
    ],
    [
      'a canary of one instance in four',
      config({ Type: 'CANARY', CanarySize: instances(1) }),
      [
        [25, 60],
        [100, 0],
      ],
    ],
    [
      'steps of a third or so',
      config({ Type: 'LINEAR', LinearStepSize: percent(33) }),
      [
        [33, 60],
        [66, 60],
        [99, 60],
        [100, 0],
      ],
    ],
    [
      'steps of a half',
      config({ Type: 'LINEAR', LinearStepSize: instances(2) }, 10),
      [
        [50, 60],
        [100, 10],
      ],
    ],
  ] as const)('for %s', (_, deployment, expected) => {
    expect(planTraffic(deployment, 4).map(({ share, bakeSeconds }) => [share, bakeSeconds])).toEqual(
      expected,
    );
  });

  test('always ends with all the traffic, by growing steps of at most the size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 50 }), (size) => {
        const shares = planTraffic(config({ Type: 'LINEAR', LinearStepSize: percent(size) }), 10).map(
          ({ share }) => share,
        );

        expect(shares.at(-1)).toBe(100);
        expect(shares).toHaveLength(Math.ceil(100 / size));
        shares.forEach((share, at) => {
          expect(share - (shares[at - 1] ?? 0)).toBeGreaterThan(0);
          expect(share - (shares[at - 1] ?? 0)).toBeLessThanOrEqual(size);
        });
      }),
    );
  });
});

test('of any requests in a row, a fleet takes its share to within one', () => {
  const window = fc.record({
    start: fc.nat(10_000),
    length: fc.nat(500),
    share: fc.integer({ min: 0, max: 100 }),
  });
  fc.assert(
    fc.property(window, ({ start, length, share }) => {
      const taken = Array.from({ length }, (_, n) => takesRequest(start + n, share)).filter(Boolean).length;

      expect(Math.abs(taken - (length * share) / 100)).toBeLessThan(1);
    }),
  );
});

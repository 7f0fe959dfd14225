import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Fault, Ways } from '../support/fault-at-every-call.ts';
import { sweep } from '../support/sweep.ts';
import { type MachineName, waysOf } from './machines.ts';
import { study } from './study.ts';

/** Tests a machine with a few faults of each of its ways; `npm run bench:faults` has all of them. */
export function itWithstandsASampleOfFaults(machine: MachineName): void {
  let machineWays: Ways;
  beforeAll(async () => {
    machineWays = await waysOf[machine]();
  });
  afterAll(() => machineWays.stop());

  it(`${machine} ends as without a fault, or as it is meant to, after an AWS call has failed`, async () => {
    let ends = 0;
    for (const way of machineWays.ways) {
      const choose = (faults: readonly Fault[]) => sweep(faults, { size: 2, salt: way.name });
      const { differing, verdicts } = await study(way, { choose, atOnce: 2 });

      expect(differing, way.name).toEqual([]);
      ends += verdicts.same + verdicts.meant;
    }
    expect(ends).toBeGreaterThan(0);
  });
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrationEdges } from '../../drift/calibration-edges.ts';
import { edgesUpTo } from '../../drift/edges-up-to.ts';

describe('bins of the calibration', () => {
  it('are as many as leave each class rows enough', () => {
    const certainties = Float64Array.from({ length: 6000 }, (_, index) => index / 6000);

    // 100 rows in each bin of each of 4 classes: 15 bins, and 2 ends; tails of 40 rows and more are halved.
    const edges = calibrationEdges(certainties, null, 4);
    expect(edges).toHaveLength(14 + 2 + 2 * 3);
  });

  const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 300 });

  it('ascend, are few, and never hold two decisions', () => {
    fc.assert(
      fc.property(scores, (some) => {
        const edges = calibrationEdges(Float64Array.from(some), 0.5);

        expect(edges).toEqual([...new Set(edges)].toSorted((a, b) => a - b));
        // 49 between quantiles, 2 ends, the threshold, and tails of no more than a few rows.
        expect(edges.length).toBeLessThanOrEqual(52);
        expect(edges).toContain(0.5);
      }),
    );
  });

  it('hold as many rows each but for the tails, which are halved, and none beyond the ends', () => {
    const edges = calibrationEdges(
      Float64Array.from({ length: 5000 }, (_, index) => (index / 5000) ** 2),
      null,
    );
    const rows = new Array<number>(edges.length + 1).fill(0);
    for (let index = 0; index < 5000; index += 1) {
      const bin = edgesUpTo(edges, (index / 5000) ** 2);
      rows[bin] = (rows[bin] ?? 0) + 1;
    }

    const tail = [0, 12, 13, 25, 50];
    expect(rows).toEqual([...tail, ...new Array<number>(48).fill(100), ...tail.toReversed()]);
  });
});

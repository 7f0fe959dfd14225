import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchLines } from '../../functions/capture/batch-lines.ts';

describe('batches of lines', () => {
  const lines = fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }));
  const bytesOf = (batch: readonly string[]) =>
    batch.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);

  it('have every line once, in order, and keep both limits unless a line is too long by itself', () => {
    fc.assert(
      fc.property(
        lines,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 5 }),
        (some, bytes, most) => {
          const batches = batchLines(some, bytes, most);

          expect(batches.flat()).toEqual(some);
          for (const batch of batches) {
            expect(batch.length).toBeGreaterThan(0);
            expect(batch.length).toBeLessThanOrEqual(most);
            expect(bytesOf(batch) <= bytes || batch.length === 1).toBe(true);
          }
        },
      ),
    );
  });

  it('are as few as that allows', () => {
    expect(batchLines(['aa', 'bb', 'cc'], 6)).toEqual([['aa', 'bb'], ['cc']]);
    expect(batchLines(['a', 'b', 'c'], 100)).toEqual([['a', 'b', 'c']]);
    expect(batchLines([], 100)).toEqual([]);
  });
});

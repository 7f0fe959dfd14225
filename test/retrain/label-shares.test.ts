import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowedRows, type LabelFileRows, maximumShare } from '../../functions/retrain/label-shares.ts';

const fileOf = ([rows, before]: readonly [number, number], index: number): LabelFileRows => ({
  key: `labels/any/${index}.csv`,
  versionId: 'v1',
  rows,
  before,
});
const cases = fc
  .record({
    files: fc.array(fc.tuple(fc.nat(50), fc.nat(20)), { maxLength: 6 }),
    others: fc.nat(200),
    share: fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100),
  })
  .map(({ files, others, share }) => {
    const all = files.map(fileOf);
    return { files: all, base: others + all.reduce((sum, { before }) => sum + before, 0), share };
  });

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
/** Rows of the data make up for what doubles round. */
const most = (share: number, rows: number) => share * rows + 1e-9;

describe('rows that files of labels may give', () => {
  it('leave no file that gives any more than the share of all rows, old and new', () => {
    fc.assert(
      fc.property(cases, ({ files, base, share }) => {
        const allowed = allowedRows(files, base, share);

        const all = base + sum(allowed);
        for (const [index, { before, rows }] of files.entries()) {
          const taken = allowed[index] ?? 0;
          expect(taken).toBeLessThanOrEqual(rows);
          if (taken > 0) expect(before + taken).toBeLessThanOrEqual(most(share, all));
        }
      }),
    );
  });

  it('are as many as the share allows: no other choice takes more of any file', () => {
    const choices = fc.tuple(cases, fc.array(fc.nat(50), { minLength: 6, maxLength: 6 }));
    fc.assert(
      fc.property(choices, ([{ files, base, share }, chosen]) => {
        const allowed = allowedRows(files, base, share);
        const other = files.map(({ rows }, index) => Math.min(rows, chosen[index] ?? 0));
        const all = base + sum(other);
        // A row less than the share, as doubles round.
        fc.pre(
          files.every(({ before }, index) => {
            const taken = other[index] ?? 0;
            return taken === 0 || before + taken <= Math.floor(share * all);
          }),
        );

        for (const [index, taken] of other.entries()) {
          expect(taken).toBeLessThanOrEqual(allowed[index] ?? 0);
        }
      }),
    );
  });

  it('are all rows where no file has more than its share', () => {
    expect(allowedRows([fileOf([30, 0], 0), fileOf([30, 0], 1)], 40, 0.3)).toEqual([30, 30]);
  });

  it('are none of a file that has its share already', () => {
    expect(allowedRows([fileOf([30, 60], 0)], 100, 0.5)).toEqual([0]);
  });

  it('are found in little time of millions of rows and thousands of files', () => {
    const files = Array.from({ length: 5000 }, (_, index) => fileOf([4000 + index, 0], index));
    const started = performance.now();

    allowedRows([...files, fileOf([20_000_000, 0], 5000)], 100, 0.333);

    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('the largest share of a file of labels', () => {
  it.each([
    [undefined, 1, null],
    [undefined, 2, null],
    [undefined, 3, 0.5],
    [undefined, 400, 0.5],
    [0.2, 1, 0.2],
    [1, 3, null],
  ])('is, with %s in the definition and %i files, %s', (setting, files, expected) => {
    expect(maximumShare(setting, files)).toBe(expected);
  });
});

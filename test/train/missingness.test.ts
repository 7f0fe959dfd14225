import { describe, expect, it } from 'vitest';
import { leakByPresence, leakByRange } from '../../functions/train/missingness.ts';

const classes = (...of: [rows: number, present: number][]) =>
  of.map(([rows, present], label) => ({ label, rows, present }));

describe('having a value gives a class away', () => {
  it.each([
    {
      title: 'in every row of one class and no other',
      of: classes([400, 0], [200, 200]),
      side: 'with',
      label: 1,
    },
    {
      title: 'in some rows of one class and no other',
      of: classes([400, 0], [200, 60]),
      side: 'with',
      label: 1,
    },
    {
      title: 'but in some rows of one class',
      of: classes([400, 400], [200, 150]),
      side: 'without',
      label: 1,
    },
    { title: 'in the larger class only', of: classes([809, 121], [500, 0]), side: 'with', label: 0 },
    { title: 'in one class but for slips', of: classes([809, 9], [500, 477]), side: 'with', label: 1 },
    { title: 'in one of three classes', of: classes([300, 0], [200, 0], [100, 90]), side: 'with', label: 2 },
    { title: 'in a rare class', of: classes([9900, 0], [100, 100]), side: 'with', label: 1 },
  ])('$title', ({ of, side, label }) => {
    expect(leakByPresence(of)).toMatchObject({ of: 'class', side, label });
  });

  it.each([
    { title: 'is there by chance', of: classes([400, 300], [200, 150]) },
    { title: 'is always there', of: classes([400, 400], [200, 200]) },
    { title: 'is never there', of: classes([400, 0], [200, 0]) },
    { title: 'is in a few rows, of one class by chance', of: classes([400, 12], [200, 0]) },
    { title: 'is in nine rows', of: classes([400, 0], [200, 9]) },
    { title: 'is of the class that nearly all rows are of', of: classes([9900, 200], [100, 0]) },
    { title: 'is more often there in one class', of: classes([400, 100], [200, 180]) },
  ])('but not where it $title', ({ of }) => {
    expect(leakByPresence(of)).toBeUndefined();
  });
});

describe('having a value gives a number away', () => {
  const quantiles = Array.from({ length: 200 }, (_, index) => index / 2);
  const range = (rows: number, lowest: number, highest: number) => ({ rows, lowest, highest });

  it.each([
    { title: 'above a number', sides: { with: range(50, 60, 99), without: range(950, 0, 99) }, side: 'with' },
    {
      title: 'but below a number',
      sides: { with: range(950, 0, 99), without: range(50, 0, 20) },
      side: 'without',
    },
  ])('where it is there only $title', ({ sides, side }) => {
    expect(leakByRange(sides, quantiles)).toMatchObject({ of: 'range', side });
  });

  it.each([
    { title: 'everywhere', sides: { with: range(500, 1, 99), without: range(500, 0, 98) } },
    { title: 'in a few rows', sides: { with: range(8, 90, 99), without: range(992, 0, 99) } },
    {
      title: 'in no row',
      sides: { with: { rows: 0, lowest: null, highest: null }, without: range(1000, 0, 99) },
    },
  ])('but not where it is there $title', ({ sides }) => {
    expect(leakByRange(sides, quantiles)).toBeUndefined();
  });
});

import { say } from '@tidemark/statistics/sentence.ts';
import type { ColumnType } from '@tidemark/statistics/tables/column.schema.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RepeatedRows } from '../../functions/ingest/duplicates.ts';
import type { RowSample } from '../../functions/ingest/file-result.schema.ts';
import { commonType, nameFindings, typeFindings, widened } from '../../functions/ingest/schema-rules.ts';

describe('the share of repeated rows', () => {
  const sampled = 1024;

  /** A multiplication by an odd number spreads consecutive numbers over all 64 bits. */
  const spread = (row: number) => BigInt.asUintN(64, BigInt(row) * 0x9e3779b97f4a7c15n);

  /** A file as validation measures it, of rows by their hash. */
  function fileOf(hashes: readonly bigint[]) {
    const counts = new Map<bigint, number>();
    for (const hash of hashes) counts.set(hash, (counts.get(hash) ?? 0) + 1);
    const sorted = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const isAll = sorted.length <= sampled;
    const kept = isAll ? sorted : sorted.slice(0, sampled - 1);
    const rowSample: RowSample = {
      below: isAll ? null : String(sorted[sampled - 1]?.[0]),
      hashes: kept.map(([hash, rows]) => [String(hash), rows]),
    };
    return { distinctRows: counts.size, rowSample, part: { rows: hashes.length } };
  }

  function duplicateShare(files: readonly ReturnType<typeof fileOf>[]): number {
    const repeated = new RepeatedRows();
    for (const file of files) repeated.add(file);
    return repeated.share();
  }

  it('is exact for one file, however large', () => {
    const hashes = Array.from({ length: 5000 }, (_, row) => BigInt(row % 4000));

    expect(duplicateShare([fileOf(hashes)])).toBeCloseTo(0.2, 12);
  });

  it('is exact for several small files', () => {
    const hash = fc.bigInt({ min: 0n, max: 20n });
    fc.assert(
      fc.property(
        fc.array(fc.array(hash, { minLength: 1, maxLength: 20 }), { minLength: 2, maxLength: 4 }),
        (files) => {
          const all = files.flat();

          expect(duplicateShare(files.map(fileOf))).toBeCloseTo(1 - new Set(all).size / all.length, 12);
        },
      ),
    );
  });

  it('is near for many small files, and the same in any order', () => {
    const rows = 200_000;
    const files = Array.from({ length: 400 }, (_, file) =>
      // Every tenth file repeats the one before it.
      fileOf(
        Array.from({ length: 500 }, (_, row) => spread((file % 10 === 9 ? file - 1 : file) * 500 + row)),
      ),
    );

    const share = duplicateShare(files);

    expect(files.reduce((sum, { part }) => sum + part.rows, 0)).toBe(rows);
    // Five standard errors of 65,536 rows.
    expect(Math.abs(share - 0.1)).toBeLessThan(0.006);
    expect(duplicateShare(files.toReversed())).toBe(share);
  });

  it('is near for several large files, of different sizes', () => {
    const files = [
      Array.from({ length: 30_000 }, (_, row) => spread(row)),
      Array.from({ length: 10_000 }, (_, row) => spread(row + 25_000)),
      Array.from({ length: 500 }, (_, row) => spread(row)),
    ];
    const all = files.flat();

    const exact = 1 - new Set(all).size / all.length;
    expect(Math.abs(duplicateShare(files.map(fileOf)) - exact)).toBeLessThan(0.05);
  });
});

describe('schemas', () => {
  const types: (ColumnType | null)[] = ['integer', 'number', 'boolean', 'string', 'timestamp', null];

  it('of integers and numbers have the wider type in common; of others, none', () => {
    expect(commonType('integer', 'number')).toBe('number');
    expect(commonType('number', 'integer')).toBe('number');
    expect(commonType('integer', 'string')).toBeUndefined();
    expect(commonType('boolean', 'integer')).toBeUndefined();
    for (const type of types) {
      expect(commonType(type, type)).toBe(type);
      expect(commonType(null, type)).toBe(type);
      expect(commonType(type, null)).toBe(type);
    }
  });

  it('may be met in any order: what they have in common is the same', () => {
    const any = fc.constantFrom(...types);
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        const left = commonType(a, b);
        const right = commonType(b, c);

        expect(left).toBe(commonType(b, a));
        if (left !== undefined && right !== undefined) expect(commonType(left, c)).toBe(commonType(a, right));
      }),
    );
  });

  it('grow by new columns at the end, and keep their order', () => {
    const known = [
      { name: 'b', type: 'integer' },
      { name: 'a', type: null },
    ] as const;
    const found = [
      { name: 'c', type: 'string' },
      { name: 'a', type: 'boolean' },
      { name: 'b', type: 'number' },
    ] as const;

    expect(widened(known, found)).toEqual([
      { name: 'b', type: 'number' },
      { name: 'a', type: 'boolean' },
      { name: 'c', type: 'string' },
    ]);
  });

  it('say what differs, and what to do', () => {
    const reference = {
      columns: [
        { name: 'a', type: 'integer' },
        { name: 'b', type: 'string' },
      ],
      origin: say`the dataset ds-1`,
      mayGrow: false,
    } as const;

    expect(nameFindings(['a', 'c'], reference)).toMatchObject([
      { check: 'schema-missing-column', what: '`b` is missing; the dataset ds-1 has it.' },
      { check: 'schema-extra-column', remedy: expect.stringContaining('features.exclude') },
    ]);
    expect(nameFindings(['a', 'b', 'c'], { ...reference, mayGrow: true })).toEqual([]);
    expect(typeFindings([{ name: 'a', type: 'string' }], reference)).toMatchObject([
      { check: 'schema-type', what: '`a` holds values of type string, but is integer in the dataset ds-1.' },
    ]);
    expect(typeFindings([{ name: 'a', type: 'number' }], reference)).toEqual([]);
  });
});

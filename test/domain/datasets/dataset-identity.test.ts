import { contentOf, datasetIdOf, partHashOf } from '@tidemark/domain/datasets/dataset-identity.ts';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { part } from './parts.ts';

const columns: Column[] = [
  { name: 'delay', type: 'integer' },
  { name: 'origin', type: 'string' },
];

/** Rows on their sides: a hash and a side each. */
const rows = fc.array(
  fc.record({
    hash: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    side: fc.constantFrom('train' as const, 'validation' as const, 'holdout' as const),
  }),
  { minLength: 1, maxLength: 30 },
);

describe('a dataset’s name', () => {
  it('does not depend on how its rows are cut into parts, nor on their order', () => {
    fc.assert(
      fc.property(rows, fc.nat(), fc.nat(), (all, seed, cut) => {
        const turned = [...all.slice(seed % all.length), ...all.slice(0, seed % all.length)];
        const at = cut % (all.length + 1);
        const whole = datasetIdOf(columns, 'hash', [part({ rows: all })]);
        const pieces = datasetIdOf(columns, 'hash', [
          part({ rows: turned.slice(0, at) }),
          part({ rows: turned.slice(at) }),
        ]);

        expect(pieces).toBe(whole);
      }),
    );
  });

  it('is another when a row, a side, a type or the split method is', () => {
    const all = [
      { hash: 1n, side: 'train' },
      { hash: 2n, side: 'holdout' },
    ] as const;
    const id = datasetIdOf(columns, 'hash', [part({ rows: all })]);
    const others = [
      datasetIdOf(columns, 'hash', [part({ rows: [...all, { hash: 0n, side: 'train' }] })]),
      datasetIdOf(columns, 'hash', [part({ rows: [{ hash: 1n, side: 'validation' }, all[1]] })]),
      datasetIdOf([{ name: 'delay', type: 'number' }, ...columns.slice(1)], 'hash', [part({ rows: all })]),
      datasetIdOf(columns, 'time', [part({ rows: all })]),
    ];

    expect(new Set([id, ...others]).size).toBe(5);
  });

  it('has a fixed form and a fixed value: it must not change with the code', () => {
    const id = datasetIdOf(columns, 'hash', [part({ rows: [{ hash: 1n, side: 'train' }] })]);

    expect(id).toBe('ds-cb2c4010df34ae9a');
  });
});

describe('a part', () => {
  it('has the same name whatever the order of its columns', () => {
    const content = part({ rows: [{ hash: 7n, side: 'train' }] });

    expect(partHashOf(columns.toReversed(), content)).toBe(partHashOf(columns, content));
    expect(partHashOf(columns, content)).toMatch(/^[0-9a-f]{32}$/);
  });

  it('has the same content when its rows stand on other sides', () => {
    const one = part({ rows: [{ hash: 7n, side: 'train' }] });
    const other = part({ rows: [{ hash: 7n, side: 'holdout' }] });

    expect(contentOf(one)).toBe(contentOf(other));
    expect(partHashOf(columns, one)).not.toBe(partHashOf(columns, other));
  });
});

import { commonHashes, Hashes, hasHash, repeatedHashes } from '@tidemark/domain/windows/hashes.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RepeatedIds } from '../../functions/monitor/repeats.ts';

const ids = fc.array(fc.integer({ min: 0, max: 3000 }).map(String), { maxLength: 4000, size: 'max' });

function hashesOf(given: readonly string[]): Float64Array {
  const hashes = new Hashes();
  for (const id of given) hashes.add(id);
  return hashes.sorted();
}

it('of ids in any order, each that came before is told, and no other', () => {
  fc.assert(
    fc.property(ids, (given) => {
      const repeated = new RepeatedIds(new Set(repeatedHashes(hashesOf(given))));

      const told = given.map((id) => repeated.isRepeat(id));

      const met = new Set<string>();
      const expected = given.map((id) => {
        const isRepeat = met.has(id);
        met.add(id);
        return isRepeat;
      });
      expect(told).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});

it('of two windows, the hashes that are in both are told, and no other', () => {
  fc.assert(
    fc.property(ids, ids, (one, other) => {
      const others = new Set(hashesOf(other));

      const common = commonHashes(hashesOf(one), hashesOf(other));

      expect([...new Set(common)]).toEqual([...new Set(hashesOf(one))].filter((hash) => others.has(hash)));
    }),
    { numRuns: 30 },
  );
});

it('ids that only share a hash are no repeats', () => {
  const [hash = 0] = repeatedHashes(hashesOf(['a', 'a']));
  const repeated = new RepeatedIds(new Set([hash]));

  expect(['b', 'b', 'a', 'a'].map((id) => repeated.isRepeat(id))).toEqual([false, false, false, true]);
});

it('a text is found among hashes if it is there', () => {
  fc.assert(
    fc.property(ids, ids, (given, asked) => {
      const hashes = hashesOf(given);

      expect(asked.map((id) => hasHash(hashes, id))).toEqual(asked.map((id) => given.includes(id)));
    }),
    { numRuns: 10 },
  );
});

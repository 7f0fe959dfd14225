import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IdHashes, RepeatedIds } from '../../functions/monitor/repeats.ts';

it('of ids in any order, each that came before is told, and no other', () => {
  const ids = fc.array(fc.integer({ min: 0, max: 3000 }).map(String), { maxLength: 4000, size: 'max' });
  fc.assert(
    fc.property(ids, (given) => {
      const hashes = new IdHashes();
      for (const id of given) hashes.add(id);
      const repeated = new RepeatedIds(hashes.repeated());

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

it('ids that only share a hash are no repeats', () => {
  const all = new IdHashes();
  all.add('a');
  all.add('a');
  const [hash = 0] = all.repeated();
  const ids = new RepeatedIds(new Set([hash]));

  expect([ids.isRepeat('b'), ids.isRepeat('b'), ids.isRepeat('a'), ids.isRepeat('a')]).toEqual([
    false,
    false,
    false,
    true,
  ]);
});

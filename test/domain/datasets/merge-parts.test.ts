import type { Part } from '@tidemark/domain/datasets/manifest.schema.ts';
import { contestedKeys, mergeParts } from '@tidemark/domain/datasets/merge-parts.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { part, pin } from './parts.ts';

/** A version of a file: which key, which version of it, and which of a few contents it has. */
interface Version {
  readonly key: string;
  readonly version: number;
  readonly content: number;
}

const versions: fc.Arbitrary<Version[]> = fc
  .array(
    fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      version: fc.integer({ min: 1, max: 4 }),
      content: fc.nat(3),
    }),
  )
  // A version has one content.
  .map((all) => [...new Map(all.map((each) => [`${each.key}${each.version}`, each])).values()]);

const partOf = ({ key, version, content }: Version): Part =>
  part({ rows: [{ hash: BigInt(content), side: 'train' }], sources: [pin(key, String(version))] });

/** As S3 would answer: the highest of those versions that there are. */
function merge(parts: readonly Part[]): Part[] {
  const newest = [...contestedKeys(parts)].map(([key, ids]) => [key, ids.toSorted().at(-1) ?? ''] as const);
  return mergeParts(parts, new Map(newest));
}

/** What the merged parts must be: each key's newest version, each content once. */
function expected(all: readonly Version[]): string[] {
  const newest = new Map<string, Version>();
  for (const each of all) {
    const known = newest.get(each.key);
    if (known === undefined || known.version < each.version) newest.set(each.key, each);
  }
  return [...newest.values()]
    .map(({ key, version, content }) => `${content} from ${key}${version}`)
    .toSorted();
}

const described = (parts: readonly Part[]) =>
  parts
    .flatMap(({ rowHashSums, sources }) =>
      sources.map(({ key, versionId }) => `${rowHashSums.train} from ${key}${versionId}`),
    )
    .toSorted();

describe('merging parts', () => {
  it('gives each key its newest version and each content once, in whatever batches and order they come', () => {
    const batched = versions.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray(all, { minLength: all.length }),
        fc.array(fc.nat(10), { minLength: all.length, maxLength: all.length }),
      ),
    );
    fc.assert(
      fc.property(batched, ([all, shuffled, batchOf]) => {
        const batches = new Map<number, Version[]>();
        shuffled.forEach((version, index) => {
          const number = batchOf[index] ?? 0;
          batches.set(number, [...(batches.get(number) ?? []), version]);
        });

        let dataset: Part[] = [];
        for (const batch of batches.values()) dataset = merge([...dataset, ...batch.map(partOf)]);

        expect(described(dataset)).toEqual(expected(all));
        expect(new Set(dataset.map(({ rowHashSums }) => rowHashSums.train)).size).toBe(dataset.length);
      }),
    );
  });

  it('changes nothing when everything comes again', () => {
    fc.assert(
      fc.property(versions, (all) => {
        const once = merge(all.map(partOf));

        expect(merge([...once, ...all.map(partOf)])).toEqual(once);
      }),
    );
  });

  it('keeps the split of rows that were there before', () => {
    const before = part({ rows: [{ hash: 5n, side: 'train' }], sources: [pin('a', '1')] });
    const again = part({ rows: [{ hash: 5n, side: 'holdout' }], sources: [pin('b', '1')] });

    const [merged, ...others] = merge([before, again]);

    expect(others).toEqual([]);
    expect(merged).toEqual({ ...before, sources: [pin('a', '1'), pin('b', '1')] });
  });
});

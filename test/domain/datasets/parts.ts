import { partHashOf } from '@tidemark/domain/datasets/dataset-identity.ts';
import type { ObjectPin, Part, SplitName } from '@tidemark/domain/datasets/manifest.schema.ts';

export interface TestRow {
  readonly hash: bigint;
  readonly side: SplitName;
}

/** A part of these rows, as `ingest` would describe it. */
export function part({
  rows,
  sources = [],
}: {
  readonly rows: readonly TestRow[];
  readonly sources?: readonly ObjectPin[];
}): Part {
  const of = (side: SplitName) => rows.filter((row) => row.side === side);
  const sum = (side: SplitName) => String(of(side).reduce((total, { hash }) => total + hash, 0n));
  const content = {
    splitRows: {
      train: of('train').length,
      validation: of('validation').length,
      holdout: of('holdout').length,
    },
    rowHashSums: { train: sum('train'), validation: sum('validation'), holdout: sum('holdout') },
  };
  const partHash = partHashOf([{ name: 'x', type: 'integer' }], content);
  return {
    partHash,
    object: { bucket: 'data', key: `datasets/m/parts/${partHash}.parquet`, versionId: '1' },
    rows: rows.length,
    ...content,
    missingInTexts: [],
    sources: [...sources],
  };
}

/** A version of a key. */
export function pin(key: string, versionId: string): ObjectPin {
  return { bucket: 'data', key, versionId };
}

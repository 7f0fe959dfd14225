import type { AcceptableFile, RowSample } from './file-result.schema.ts';

type Counted = Pick<AcceptableFile, 'distinctRows' | 'rowSample'> & {
  readonly part: { readonly rows: number };
};

/**
 * Share of rows, 0 to 1, that repeat another row of the files. Exact for one file. For several it is estimated from the rows whose
 * hash is below a limit that all samples cover: hashes are spread evenly, so these rows are a fair sample of different rows,
 * each with all of its repetitions.
 */
export function duplicateShare(files: readonly Counted[]): number {
  const [only, ...others] = files;
  if (only === undefined) return 0;
  if (others.length === 0) return 1 - only.distinctRows / only.part.rows;
  const { rows, distinct } = mergeSamples(files.map(({ rowSample }) => rowSample));
  return rows === 0 ? 0 : 1 - distinct / rows;
}

function mergeSamples(samples: readonly RowSample[]): { rows: number; distinct: number } {
  const limits = samples.flatMap(({ below }) => (below === null ? [] : [BigInt(below)]));
  const limit = limits.length === 0 ? undefined : limits.reduce((a, b) => (a < b ? a : b));
  const counts = new Map<string, number>();
  for (const [hash, rows] of samples.flatMap(({ hashes }) => hashes)) {
    if (limit === undefined || BigInt(hash) < limit) counts.set(hash, (counts.get(hash) ?? 0) + rows);
  }
  return { rows: [...counts.values()].reduce((sum, rows) => sum + rows, 0), distinct: counts.size };
}

import type { AcceptableFile } from './file-result.schema.ts';

type Counted = Pick<AcceptableFile, 'distinctRows' | 'rowSample'> & {
  readonly part: { readonly rows: number };
};

/**
 * Row hashes that are kept of all files together: an estimated share is good to some 0.4 percentage points (1 / sqrt(65,536)), better
 * than the sample of a single large file allows, in some 15 MB.
 */
const keptHashes = 65_536;

/**
 * Share of rows, 0 to 1, that repeat another row of the files. Exact for one file, and for several with few rows. For more it is estimated
 * from the rows whose hash is below a limit that all samples cover: hashes are spread evenly, so these rows are a fair sample of
 * different rows, each with all of its repetitions. Which rows these are does not depend on the order of the files, and memory not on
 * their number.
 */
export class RepeatedRows {
  readonly #rowsOf = new Map<bigint, number>();
  #limit: bigint | undefined;
  #files = 0;
  #shareOfOne = 0;

  add({ distinctRows, rowSample, part }: Counted): void {
    this.#files += 1;
    this.#shareOfOne = 1 - distinctRows / part.rows;
    if (rowSample.below !== null) this.#lower(BigInt(rowSample.below));
    for (const [text, rows] of rowSample.hashes) {
      const hash = BigInt(text);
      if (this.#limit === undefined || hash < this.#limit) {
        this.#rowsOf.set(hash, (this.#rowsOf.get(hash) ?? 0) + rows);
      }
    }
    // Not each time, as it takes a sort.
    if (this.#rowsOf.size > 2 * keptHashes) this.#thin();
  }

  share(): number {
    if (this.#files <= 1) return this.#shareOfOne;
    this.#thin();
    const rows = [...this.#rowsOf.values()].reduce((sum, count) => sum + count, 0);
    return rows === 0 ? 0 : 1 - this.#rowsOf.size / rows;
  }

  /** Keeps the smallest hashes: what is dropped is never among the smallest of more. */
  #thin(): void {
    if (this.#rowsOf.size <= keptHashes) return;
    const sorted = [...this.#rowsOf.keys()].sort((a, b) => (a < b ? -1 : 1));
    const limit = sorted[keptHashes];
    if (limit !== undefined) this.#lower(limit);
  }

  #lower(limit: bigint): void {
    if (this.#limit !== undefined && limit >= this.#limit) return;
    this.#limit = limit;
    for (const hash of this.#rowsOf.keys()) if (hash >= limit) this.#rowsOf.delete(hash);
  }
}

import { hashOfId } from '../windows/labelled-sample.ts';

/** Hashes of inference ids: eight bytes each, so that tens of millions fit into a function's memory. */
export class IdHashes {
  #hashes = new Float64Array(1024);
  #count = 0;

  add(inferenceId: string): void {
    if (this.#count === this.#hashes.length) {
      const larger = new Float64Array(2 * this.#count);
      larger.set(this.#hashes);
      this.#hashes = larger;
    }
    this.#hashes[this.#count] = hashOfId(inferenceId);
    this.#count += 1;
  }

  /** In ascending order; as often as they were added. */
  sorted(): Float64Array {
    return this.#hashes.subarray(0, this.#count).sort();
  }
}

/** Hashes that are there more than once. @param sorted in ascending order */
export function repeatedHashes(sorted: Float64Array): number[] {
  const repeated: number[] = [];
  for (let index = 1; index < sorted.length; index += 1) {
    const hash = sorted[index];
    if (hash !== undefined && hash === sorted[index - 1]) repeated.push(hash);
  }
  return repeated;
}

/** Hashes that are in both, each in ascending order. */
export function commonHashes(one: Float64Array, other: Float64Array): number[] {
  const common: number[] = [];
  let [i, j] = [0, 0];
  while (i < one.length && j < other.length) {
    const [a = 0, b = 0] = [one[i], other[j]];
    if (a === b) common.push(a);
    if (a <= b) i += 1;
    if (b <= a) j += 1;
  }
  return common;
}

/** Tells which ids have come before, of those whose hash is known to have come more than once. */
export class RepeatedIds {
  readonly #hashes: ReadonlySet<number>;
  readonly #met = new Set<string>();

  constructor(hashes: ReadonlySet<number>) {
    this.#hashes = hashes;
  }

  /** @returns whether this id has come before */
  isRepeat(inferenceId: string): boolean {
    if (!this.#hashes.has(hashOfId(inferenceId))) return false;
    if (this.#met.has(inferenceId)) return true;
    this.#met.add(inferenceId);
    return false;
  }
}

import { hashOfId } from './labelled-sample.ts';

/** Hashes of inference ids, or of keys: eight bytes each, so that tens of millions fit into a function's memory. */
export class Hashes {
  #hashes = new Float64Array(1024);
  #count = 0;

  add(text: string): void {
    if (this.#count === this.#hashes.length) {
      const larger = new Float64Array(2 * this.#count);
      larger.set(this.#hashes);
      this.#hashes = larger;
    }
    this.#hashes[this.#count] = hashOfId(text);
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

/** Whether a text is among those whose hashes these are, in ascending order. */
export function hasHash(sorted: Float64Array, text: string): boolean {
  const hash = hashOfId(text);
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < hash) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === hash;
}

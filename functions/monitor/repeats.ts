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

  /** Those that were added more than once. */
  repeated(): Set<number> {
    const sorted = this.#hashes.subarray(0, this.#count).sort();
    const repeated = new Set<number>();
    for (let index = 1; index < sorted.length; index += 1) {
      const hash = sorted[index];
      if (hash !== undefined && hash === sorted[index - 1]) repeated.add(hash);
    }
    return repeated;
  }
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

import { hashOfId } from '@tidemark/domain/windows/labelled-sample.ts';

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

/** Runs pieces of work one after another, in the order in which they were handed over. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as `work` does. A failed piece does not hold up those behind it. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when everything handed over so far is done. */
  async idle(): Promise<void> {
    await this.#last;
  }
}

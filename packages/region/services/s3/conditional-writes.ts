/** A conditional write between the arrival of its request and its commit. */
export interface ConditionalWrite {
  /** Whether the object was deleted meanwhile, which S3 answers with 409 instead of 412. */
  isConflicted: boolean;
  end(): void;
}

/** Keeps track of the conditional writes that are under way. */
export class ConditionalWrites {
  readonly #writes = new Map<string, Set<ConditionalWrite>>();

  begin(bucket: string, key: string): ConditionalWrite {
    const name = `${bucket}/${key}`;
    const writes = this.#writes.get(name) ?? new Set();
    this.#writes.set(name, writes);
    const write: ConditionalWrite = {
      isConflicted: false,
      end: () => {
        writes.delete(write);
        if (writes.size === 0 && this.#writes.get(name) === writes) this.#writes.delete(name);
      },
    };
    writes.add(write);
    return write;
  }

  /** Tells writes to this key that it was deleted under them. */
  conflict(bucket: string, key: string): void {
    for (const write of this.#writes.get(`${bucket}/${key}`) ?? []) write.isConflicted = true;
  }
}

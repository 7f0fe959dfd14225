/** How many labels of a file were replaced by those of one that came later, or by later lines of its own. */
export interface ReplacedLabels {
  readonly key: string;
  readonly by: string;
  readonly count: number;
}

/** Counts labels that others contradict, by the two files. */
export class ReplacedCounter {
  readonly #counts = new Map<string, Map<string, number>>();

  add({ key, by, count }: ReplacedLabels): void {
    const others = this.#counts.get(key) ?? new Map<string, number>();
    this.#counts.set(key, others.set(by, (others.get(by) ?? 0) + count));
  }

  /** The most first. */
  list(): ReplacedLabels[] {
    const all = [...this.#counts].flatMap(([key, others]) =>
      [...others].map(([by, count]) => ({ key, by, count })),
    );
    return all.sort((a, b) => b.count - a.count || compare(a.key, b.key) || compare(a.by, b.by));
  }
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

import type { Histogram } from './profile.schema.ts';

/** Counts numbers in half-open bins between fixed edges. */
export class EdgeBins {
  readonly #edges: Float64Array;
  readonly #counts: Float64Array;

  /** @param edges ascending */
  constructor(edges: readonly number[]) {
    this.#edges = Float64Array.from(edges);
    this.#counts = new Float64Array(edges.length + 1);
  }

  add(value: number, rows: number): void {
    const bin = edgesUpTo(this.#edges, value);
    this.#counts[bin] = (this.#counts[bin] ?? 0) + rows;
  }

  /** Adds the first `count` numbers. */
  addAll(values: Float64Array, count: number): void {
    for (let index = 0; index < count; index += 1) {
      const bin = edgesUpTo(this.#edges, values[index] ?? 0);
      this.#counts[bin] = (this.#counts[bin] ?? 0) + 1;
    }
  }

  finish(): Histogram {
    return { edges: [...this.#edges], counts: [...this.#counts] };
  }
}

/** How many edges are at most the value. A copy of `drift/edges-up-to.ts` for one kind of array: every number of a file passes here. */
function edgesUpTo(edges: Float64Array, value: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

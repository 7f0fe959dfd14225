import type { Matrix } from './matrix.ts';

/**
 * Decision trees flattened into parallel arrays, one entry per node: the nodes of every tree one after another, so a
 * walk touches a few cache lines and allocates nothing.
 */
export interface Forest {
  /** Index of each tree's root. */
  readonly roots: Int32Array;
  /** The class whose margin each tree adds to; all zero for a single output. */
  readonly groups: Int32Array;
  /** Index of the left child, -1 for a leaf. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** The child taken when the feature is missing. */
  readonly fallback: Int32Array;
  /** Feature a node splits on. */
  readonly feature: Int32Array;
  /** Go left when the feature is below it; in a leaf, the leaf's value. */
  readonly threshold: Float32Array;
}

/** The value of the leaf that a row falls into. `offset` is where the row starts in `values`; NaN is missing. */
export function leafValue(forest: Forest, tree: number, values: Float32Array, offset: number): number {
  const { left, right, fallback, feature, threshold } = forest;
  let node = forest.roots[tree] ?? 0;
  for (;;) {
    const leftChild = left[node] ?? -1;
    const split = threshold[node] ?? 0;
    if (leftChild === -1) return split;
    const value = values[offset + (feature[node] ?? 0)] ?? Number.NaN;
    if (value < split) node = leftChild;
    else node = value >= split ? (right[node] ?? 0) : (fallback[node] ?? 0);
  }
}

/** Adds what trees `[from, to)` say to the margins, row-major with `groups` margins per row. */
export function addMargins(
  forest: Forest,
  matrix: Matrix,
  margins: Float32Array,
  groups: number,
  [from, to]: readonly [number, number],
): void {
  const { rows, columns, values } = matrix;
  // Tree by tree: a tree stays in cache while the rows stream past it.
  for (let tree = from; tree < to; tree += 1) {
    const group = forest.groups[tree] ?? 0;
    for (let row = 0; row < rows; row += 1) {
      const at = row * groups + group;
      margins[at] = (margins[at] ?? 0) + leafValue(forest, tree, values, row * columns);
    }
  }
}

import type { Forest } from './forest.ts';

/**
 * XGBoost's binary model format of releases before 3.1, as this build writes it and those releases read it. Little
 * endian, no padding. Layout: `LearnerModelParam` (136 bytes), objective and booster names (64-bit length, bytes),
 * `GBTreeModelParam` (160 bytes), the trees, one group index per tree, then attributes that do not matter here.
 */
export interface ModelFile {
  /** Margin that every prediction starts from. */
  readonly baseMargin: number;
  /** As XGBoost names it. */
  readonly objective: string;
  readonly features: number;
  /** Margins per row: 1, or the number of classes. */
  readonly groups: number;
  readonly forest: Forest;
}

const LEARNER_PARAM_BYTES = 136;
const BOOSTER_PARAM_BYTES = 160;
const TREE_PARAM_BYTES = 148;
const NODE_BYTES = 20;
const NODE_STATISTICS_BYTES = 16;
const GROUP_BYTES = 4;
const NUM_GROUPS_OFFSET = 24;

/** In a node's split word: the child to take when the value is missing. */
const DEFAULT_LEFT_BIT = 0x80000000;

interface Layout {
  readonly objective: string;
  /** Offset of `GBTreeModelParam`, whose first field is the number of trees. */
  readonly boosterParam: number;
  /** Offset of every tree, then of the end of the last one. */
  readonly treeOffsets: readonly number[];
}

/** Throws when the bytes are not such a model. */
export function parseModelFile(bytes: Uint8Array): ModelFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const layout = layoutOf(view);
    return {
      baseMargin: view.getFloat32(0, true),
      objective: layout.objective,
      features: view.getUint32(4, true),
      groups: view.getInt32(layout.boosterParam + NUM_GROUPS_OFFSET, true),
      forest: readForest(view, layout),
    };
  } catch (error) {
    if (error instanceof RangeError)
      throw new Error('not an XGBoost model in the binary format: it ends too early');
    throw error;
  }
}

/** The same model with its first `trees` trees only: what remains of a training that stopped early. */
export function truncateModelFile(bytes: Uint8Array, trees: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { boosterParam, treeOffsets } = layoutOf(view);
  const end = treeOffsets.at(-1) ?? 0;
  const total = treeOffsets.length - 1;
  const head = Buffer.from(bytes.slice(0, treeOffsets[trees]));
  head.writeInt32LE(trees, boosterParam);
  const groups = bytes.slice(end, end + trees * GROUP_BYTES);
  return new Uint8Array(Buffer.concat([head, groups, bytes.slice(end + total * GROUP_BYTES)]));
}

function layoutOf(view: DataView): Layout {
  const objective = readName(view, LEARNER_PARAM_BYTES);
  const booster = readName(view, objective.end);
  if (booster.text !== 'gbtree') throw new Error(`booster '${booster.text}' is not supported, only gbtree`);
  const trees = view.getInt32(booster.end, true);
  const treeOffsets = [booster.end + BOOSTER_PARAM_BYTES];
  for (let tree = 0; tree < trees; tree += 1) {
    const start = treeOffsets[tree] ?? 0;
    const nodes = view.getInt32(start + 4, true);
    treeOffsets.push(start + TREE_PARAM_BYTES + nodes * (NODE_BYTES + NODE_STATISTICS_BYTES));
  }
  return { objective: objective.text, boosterParam: booster.end, treeOffsets };
}

function readName(view: DataView, at: number): { text: string; end: number } {
  const length = Number(view.getBigUint64(at, true));
  if (length > 100) throw new Error('not an XGBoost model in the binary format: a name is too long');
  const start = view.byteOffset + at + 8;
  return { text: Buffer.from(view.buffer, start, length).toString('latin1'), end: at + 8 + length };
}

function readForest(view: DataView, { treeOffsets }: Layout): Forest {
  const starts = treeOffsets.slice(0, -1);
  const counts = starts.map((start) => view.getInt32(start + 4, true));
  const nodes = counts.reduce((sum, count) => sum + count, 0);
  const forest: Forest = {
    roots: new Int32Array(starts.length),
    groups: new Int32Array(starts.length),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    fallback: new Int32Array(nodes),
    feature: new Int32Array(nodes),
    threshold: new Float32Array(nodes),
  };
  let root = 0;
  starts.forEach((start, tree) => {
    forest.roots[tree] = root;
    forest.groups[tree] = view.getInt32((treeOffsets.at(-1) ?? 0) + tree * GROUP_BYTES, true);
    const count = counts[tree] ?? 0;
    for (let node = 0; node < count; node += 1) {
      readNode(view, start + TREE_PARAM_BYTES + node * NODE_BYTES, forest, root, root + node);
    }
    root += count;
  });
  return forest;
}

/** A node: parent, left child, right child, split word, split threshold or leaf value; four bytes each. */
function readNode(view: DataView, at: number, forest: Forest, root: number, node: number): void {
  const left = view.getInt32(at + 4, true);
  const right = view.getInt32(at + 8, true);
  const split = view.getUint32(at + 12, true);
  forest.threshold[node] = view.getFloat32(at + 16, true);
  forest.left[node] = left === -1 ? -1 : root + left;
  forest.right[node] = root + right;
  const defaultLeft = split >= DEFAULT_LEFT_BIT;
  forest.fallback[node] = root + (defaultLeft ? left : right);
  forest.feature[node] = defaultLeft ? split - DEFAULT_LEFT_BIT : split;
}

import { Buffer } from 'node:buffer';
import type { ValuesPlan } from './binning-plan.schema.ts';
import { HashIndex } from './hash-index.ts';
import { frequentValues } from './limits.ts';
import type { Categories } from './profile.schema.ts';
import { TextTable } from './text-table.ts';
import { byRows, completeTop, pruneTop, type ValueRows } from './top-values.ts';
import { ValueHasher } from './value-hash.ts';

/** New values are pruned when there are so many of them; between two prunings at least half of these are added. */
const newValuesHeld = 4 * frequentValues;

/** New values for which there is room at first. */
const expectedNewValues = 16;

/** Counts the values that a plan names, the other known ones, and the new ones. */
export class ValueBins {
  readonly #plan: ValuesPlan;
  /** The plan's values have the first places, the rare ones the rest. */
  readonly #known: HashIndex;
  readonly #rows: Float64Array;
  readonly #new = new TextTable(expectedNewValues);
  #other = 0;
  #newRows = 0;
  #undercount = 0;

  /** @param hash of a value as the plan spells it */
  constructor(plan: ValuesPlan, hash: (hasher: ValueHasher, value: string) => void) {
    this.#plan = plan;
    this.#rows = new Float64Array(plan.values.length);
    const rare = hashesOf(plan.rare ?? '');
    this.#known = new HashIndex(plan.values.length + rare.length);
    const hasher = new ValueHasher();
    for (const value of plan.values) {
      hash(hasher, value);
      this.#known.add(hasher.high, hasher.low);
    }
    for (const [high, low] of rare) this.#known.add(high, low);
  }

  /** Counts rows of a value; `false` when it is new and `addNew` must count it. */
  add(high: number, low: number, rows: number): boolean {
    const place = this.#known.find(high, low);
    if (place >= 0 && place < this.#rows.length) {
      this.#rows[place] = (this.#rows[place] ?? 0) + rows;
      return true;
    }
    if (place >= 0 || this.#plan.rare === null) {
      this.#other += rows;
      return true;
    }
    this.#newRows += rows;
    return this.#new.count(high, low, rows);
  }

  /** Keeps the text of a new value that `add` did not know. */
  addNew(high: number, low: number, rows: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.#new.size === newValuesHeld) this.#undercount += this.#new.prune(frequentValues);
    this.#new.add(high, low, rows, bytes, start, end);
  }

  finish(): Categories {
    const found = this.#new.entries().map(({ text, rows }): ValueRows => [text, rows]);
    const isComplete = this.#undercount === 0 && found.length <= frequentValues;
    return {
      values: this.#plan.values.map((value, index) => ({ value, rows: this.#rows[index] ?? 0 })),
      other: this.#other,
      new: this.#plan.rare === null ? null : this.#newRows,
      topNew: isComplete
        ? completeTop(found)
        : pruneTop(found.sort(byRows), this.#undercount, frequentValues),
    };
  }
}

/** Hashes as a plan stores them: 8 bytes each, big-endian, ascending. */
export function packedHashes(hashes: readonly (readonly [high: number, low: number])[]): string {
  const bytes = Buffer.alloc(hashes.length * 8);
  const unsigned = hashes.map(([high, low]): [number, number] => [high >>> 0, low >>> 0]);
  const sorted = unsigned.sort(([a, b], [c, d]) => a - c || b - d);
  for (const [index, [high, low]] of sorted.entries()) {
    bytes.writeUInt32BE(high, index * 8);
    bytes.writeUInt32BE(low, index * 8 + 4);
  }
  return bytes.toString('base64');
}

function hashesOf(packed: string): [high: number, low: number][] {
  const bytes = Buffer.from(packed, 'base64');
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, index): [number, number] => [
    bytes.readInt32BE(index * 8),
    bytes.readInt32BE(index * 8 + 4),
  ]);
}

import { Buffer } from 'node:buffer';
import { HashIndex } from './hash-index.ts';

/** A text, its hash, and the rows that have it. */
export interface CountedText {
  readonly text: string;
  readonly high: number;
  readonly low: number;
  readonly rows: number;
}

/**
 * Counts texts by their hashes. The bytes of each are kept once, one behind the other, so that counting a text again costs a look at the
 * index and nothing else.
 */
export class TextTable {
  readonly #index: HashIndex;
  #bytes = new Uint8Array(512);
  #bytesUsed = 0;
  /** By place. */
  #ends: Uint32Array;
  #highs: Int32Array;
  #lows: Int32Array;
  #rows: Float64Array;

  constructor(expected: number) {
    this.#index = new HashIndex(expected);
    this.#ends = new Uint32Array(expected);
    this.#highs = new Int32Array(expected);
    this.#lows = new Int32Array(expected);
    this.#rows = new Float64Array(expected);
  }

  get size(): number {
    return this.#index.size;
  }

  /** Counts rows of a text that is there; `false` when it is not. */
  count(high: number, low: number, rows: number): boolean {
    const place = this.#index.find(high, low);
    if (place === -1) return false;
    this.#rows[place] = (this.#rows[place] ?? 0) + rows;
    return true;
  }

  /** Adds a text that is not there. */
  add(high: number, low: number, rows: number, bytes: Uint8Array, start: number, end: number): void {
    const place = this.#index.add(high, low);
    if (place === this.#rows.length) this.#growPlaces();
    if (this.#bytesUsed + end - start > this.#bytes.length) this.#growBytes(end - start);
    // A copy by the engine's own means costs more than a loop for the few bytes that most texts have.
    for (let at = start; at < end; at += 1) this.#bytes[this.#bytesUsed + at - start] = bytes[at] ?? 0;
    this.#bytesUsed += end - start;
    this.#ends[place] = this.#bytesUsed;
    this.#highs[place] = high;
    this.#lows[place] = low;
    this.#rows[place] = rows;
  }

  /** Every text, in the order in which they were first added. */
  entries(): CountedText[] {
    const bytes = Buffer.from(this.#bytes.buffer);
    return Array.from({ length: this.size }, (_, place) => ({
      text: bytes.toString('utf8', place === 0 ? 0 : this.#ends[place - 1], this.#ends[place]),
      high: this.#highs[place] ?? 0,
      low: this.#lows[place] ?? 0,
      rows: this.#rows[place] ?? 0,
    }));
  }

  /**
   * Takes as many rows from every text as the most frequent one beyond the first `kept` has, and forgets those that have none left (Misra and
   * Gries, 1982; Agarwal et al., "Mergeable summaries", 2012).
   * @returns the number of rows taken: no text had more than it has now plus this many
   */
  prune(kept: number): number {
    if (this.size <= kept) return 0;
    const taken = this.#rowsOfPlace(kept);
    const [ends, highs, lows, rows] = [this.#ends, this.#highs, this.#lows, this.#rows];
    const size = this.size;
    const bytes = this.#bytes;
    this.#index.clear();
    this.#bytesUsed = 0;
    // Each text moves to where it is or before, so nothing is overwritten that has still to be read.
    let start = 0;
    for (let place = 0; place < size; place += 1) {
      const end = ends[place] ?? 0;
      const left = (rows[place] ?? 0) - taken;
      if (left > 0) this.add(highs[place] ?? 0, lows[place] ?? 0, left, bytes, start, end);
      start = end;
    }
    return taken;
  }

  /** Rows of the text in that place, from 0, when the most frequent come first. */
  #rowsOfPlace(place: number): number {
    // Of many different texts most occur once, and then a look at each is enough.
    let frequent = 0;
    for (let index = 0; index < this.size; index += 1) if ((this.#rows[index] ?? 0) > 1) frequent += 1;
    if (frequent <= place) return 1;
    return this.#rows.slice(0, this.size).sort()[this.size - 1 - place] ?? 0;
  }

  #growPlaces(): void {
    const grown = <T extends Uint32Array | Int32Array | Float64Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    const length = 2 * this.#rows.length;
    this.#ends = grown(this.#ends, new Uint32Array(length));
    this.#highs = grown(this.#highs, new Int32Array(length));
    this.#lows = grown(this.#lows, new Int32Array(length));
    this.#rows = grown(this.#rows, new Float64Array(length));
  }

  #growBytes(more: number): void {
    const grown = new Uint8Array(2 * (this.#bytes.length + more));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

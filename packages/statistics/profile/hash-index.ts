/** Slots that are filled before the number of slots is doubled: half of them, so that a search looks at two or three. */
const fill = 0.5;

/**
 * Finds places by 64-bit hashes, with open addressing. Places count up from 0 in the order in which hashes were added; who uses the
 * index keeps what belongs to a place.
 */
export class HashIndex {
  #highs: Int32Array;
  #lows: Int32Array;
  /** Place + 1, 0 for a free slot. */
  #places: Uint32Array;
  #mask: number;
  #size = 0;

  /** @param expected number of hashes for which no slot has to be moved */
  constructor(expected: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(8, expected / fill)));
    this.#highs = new Int32Array(slots);
    this.#lows = new Int32Array(slots);
    this.#places = new Uint32Array(slots);
    this.#mask = slots - 1;
  }

  get size(): number {
    return this.#size;
  }

  /** The place of a hash, or -1. */
  find(high: number, low: number): number {
    for (let slot = low & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const place = this.#places[slot] ?? 0;
      if (place === 0) return -1;
      if (this.#lows[slot] === low && this.#highs[slot] === high) return place - 1;
    }
  }

  /** Adds a hash that is not there, and says its place. */
  add(high: number, low: number): number {
    if (this.#size >= this.#places.length * fill) this.#grow();
    this.#put(high, low, this.#size + 1);
    this.#size += 1;
    return this.#size - 1;
  }

  clear(): void {
    this.#places.fill(0);
    this.#size = 0;
  }

  #put(high: number, low: number, place: number): void {
    let slot = low & this.#mask;
    while (this.#places[slot] !== 0) slot = (slot + 1) & this.#mask;
    this.#highs[slot] = high;
    this.#lows[slot] = low;
    this.#places[slot] = place;
  }

  #grow(): void {
    const [highs, lows, places] = [this.#highs, this.#lows, this.#places];
    this.#highs = new Int32Array(2 * places.length);
    this.#lows = new Int32Array(2 * places.length);
    this.#places = new Uint32Array(2 * places.length);
    this.#mask = this.#places.length - 1;
    places.forEach((place, slot) => {
      if (place !== 0) this.#put(highs[slot] ?? 0, lows[slot] ?? 0, place);
    });
  }
}

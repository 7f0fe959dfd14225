/**
 * 64-bit hashes of values, the same on every machine and in every version of a profile: merged profiles depend on them. Not for secrets.
 *
 * A number is hashed by three Feistel rounds over the two halves of its bits, which can be undone, so different numbers have different hashes. A
 * text is hashed byte by byte in two lanes (the steps of FNV-1a, and of a rotation and a multiplication) that are mixed in the end. Among a
 * million different texts two have the same hash with a probability of 3e-8, and would then be taken for one.
 */

/** Odd numbers whose bits look like chance, as multipliers for mixing need: 2^32 by the golden ratio, and murmur3's. */
const golden = 0x9e3779b1;
const firstMultiplier = 0x85ebca6b;
const secondMultiplier = 0xc2b2ae35;
/** Of FNV-1a. */
const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

const one = new Float64Array([1]);
/** 1 has all its bits in the high half. */
export const highHalf = new Uint32Array(one.buffer)[1] === 0 ? 0 : 1;
const scratch = new Float64Array(1);
const scratchHalves = new Uint32Array(scratch.buffer);

/** Hashes values; holds the last hash. */
export class ValueHasher {
  /**
   * Of the last hash, as signed 32-bit integers: the engine keeps these in place. JavaScript has no cheap 64-bit integers, and an object
   * per value would cost more than all else.
   */
  high = 0;
  low = 0;

  /** Of a number that is not NaN; 0 and -0 are one. */
  ofNumber(value: number): void {
    // Adding 0 makes 0 of -0.
    scratch[0] = value + 0;
    this.ofHalves(scratchHalves[highHalf] ?? 0, scratchHalves[1 - highHalf] ?? 0);
  }

  /** Of a number by the halves of its bits. */
  ofHalves(first: number, second: number): void {
    const spread = first ^ round(second, golden);
    const low = second ^ round(round(spread, firstMultiplier), golden);
    this.low = low;
    this.high = spread ^ round(low, secondMultiplier);
  }

  /** Of UTF-8 bytes. */
  ofBytes(bytes: Uint8Array, start: number, end: number): void {
    let first = fnvOffset;
    let second = golden;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      first = Math.imul(first ^ byte, fnvPrime);
      second = Math.imul(((second << 5) | (second >>> 27)) ^ byte, firstMultiplier);
    }
    this.#finish(first, second, end - start);
  }

  /**
   * Of the bytes up to the first that ends them: a field is found and hashed in one go.
   * @param isEnd 1 for each byte that ends, 0 for the others; one of those that end must come
   * @returns where it stands
   */
  ofBytesUntil(bytes: Uint8Array, start: number, isEnd: Uint8Array): number {
    let first = fnvOffset;
    let second = golden;
    let at = start;
    for (let byte = bytes[at] ?? 0; isEnd[byte] === 0; byte = bytes[at] ?? 0) {
      first = Math.imul(first ^ byte, fnvPrime);
      second = Math.imul(((second << 5) | (second >>> 27)) ^ byte, firstMultiplier);
      at += 1;
    }
    this.#finish(first, second, at - start);
    return at;
  }

  #finish(first: number, second: number, length: number): void {
    const high = mixed(first ^ second ^ length);
    this.high = high;
    this.low = mixed(second + Math.imul(high, golden));
  }
}

function round(half: number, multiplier: number): number {
  const spread = Math.imul((half ^ (half >>> 16)) + multiplier, multiplier);
  return spread ^ (spread >>> 15);
}

/** The last steps of murmur3 (Appleby): every bit of the input changes every bit of the result with a probability of a half. */
export function mixed(value: number): number {
  let bits = value ^ (value >>> 16);
  bits = Math.imul(bits, firstMultiplier);
  bits = Math.imul(bits ^ (bits >>> 13), secondMultiplier);
  return bits ^ (bits >>> 16);
}

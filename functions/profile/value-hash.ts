/**
 * 64-bit hashes of values, the same on every machine and in every version of a profile: merged profiles depend on them. Not for secrets.
 *
 * A number is hashed by four Feistel rounds over the two halves of its bits, which can be undone, so different numbers have different hashes. A
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
const highHalf = new Uint32Array(one.buffer)[1] === 0 ? 0 : 1;
const scratch = new Float64Array(1);
const scratchHalves = new Uint32Array(scratch.buffer);

/** Holds the last hash, as two 32-bit halves: JavaScript has no cheap 64-bit integers, and an object per value would cost more than all else. */
export class ValueHasher {
  high = 0;
  low = 0;

  /** Of a number that is not NaN; 0 and -0 are one. */
  ofNumber(value: number): void {
    // Adding 0 makes 0 of -0.
    scratch[0] = value + 0;
    const first = scratchHalves[highHalf] ?? 0;
    const second = scratchHalves[1 - highHalf] ?? 0;
    let high = first ^ round(second, golden);
    let low = second ^ round(high, firstMultiplier);
    high ^= round(low, secondMultiplier);
    low ^= round(high, golden);
    this.high = high >>> 0;
    this.low = low >>> 0;
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
    const high = mixed(first ^ second ^ (end - start));
    this.high = high;
    this.low = mixed(second + Math.imul(high, golden));
  }
}

function round(half: number, multiplier: number): number {
  const spread = Math.imul((half ^ (half >>> 16)) + multiplier, multiplier);
  return Math.imul(spread ^ (spread >>> 15), secondMultiplier) ^ (spread >>> 13);
}

/** The last steps of murmur3 (Appleby): every bit of the input changes every bit of the result with a probability of a half. */
export function mixed(value: number): number {
  let bits = value ^ (value >>> 16);
  bits = Math.imul(bits, firstMultiplier);
  bits = Math.imul(bits ^ (bits >>> 13), secondMultiplier);
  return (bits ^ (bits >>> 16)) >>> 0;
}

import { Buffer } from 'node:buffer';
import { InvariantError } from '../errors.ts';

/** 2^12 registers: a standard error of 1.04 / sqrt(4096). */
const indexBits = 12;
const registerCount = 2 ** indexBits;
/** Bits of a hash that are left for the rank. */
const rankBits = 64 - indexBits;
const bitsPerRegister = 6;

/** Relative, of an estimate by registers (Flajolet, Fusy, Gandouet and Meunier, 2007). */
export const distinctStandardError = 1.04 / Math.sqrt(registerCount);

/**
 * Estimates how many different hashes it has seen: each of 4,096 registers keeps the longest run of leading zeros among its hashes
 * (HyperLogLog, Flajolet et al., 2007). Registers of a union are the larger ones, so merging is exact.
 */
export class HyperLogLog {
  readonly #registers = new Uint8Array(registerCount);

  /** Adds a 64-bit hash by its two halves. */
  add(high: number, low: number): void {
    const index = high >>> (32 - indexBits);
    const rest = high << indexBits;
    const rank = rest === 0 ? 33 - indexBits + Math.clz32(low) : 1 + Math.clz32(rest);
    if (rank > (this.#registers[index] ?? 0)) this.#registers[index] = rank;
  }

  /** Takes over what another one has seen. */
  addRegisters(text: string): void {
    unpacked(text).forEach((rank, index) => {
      if (rank > (this.#registers[index] ?? 0)) this.#registers[index] = rank;
    });
  }

  /** Six bits each, the first register in the highest bits, as base64. */
  registers(): string {
    return packed(this.#registers);
  }

  /** Otmar Ertl's improved raw estimator ("New cardinality estimation algorithms for HyperLogLog sketches", 2017), unbiased at every size. */
  estimate(): number {
    const multiplicity = new Array<number>(rankBits + 2).fill(0);
    for (const rank of this.#registers) multiplicity[rank] = (multiplicity[rank] ?? 0) + 1;
    const share = (rank: number) => (multiplicity[rank] ?? 0) / registerCount;
    let sum = registerCount * tau(1 - share(rankBits + 1));
    for (let rank = rankBits; rank >= 1; rank -= 1) sum = 0.5 * (sum + (multiplicity[rank] ?? 0));
    sum += registerCount * sigma(share(0));
    return Math.round(registerCount ** 2 / (2 * Math.LN2 * sum));
  }
}

/** Corrects for registers that are still 0: x + sum of x^(2^k) 2^(k-1); endless when all are. */
function sigma(emptyShare: number): number {
  if (emptyShare === 1) return Number.POSITIVE_INFINITY;
  let [power, weight, sum] = [emptyShare, 1, emptyShare];
  for (;;) {
    power *= power;
    const next = sum + power * weight;
    if (next === sum) return sum;
    sum = next;
    weight += weight;
  }
}

/** Corrects for registers that are full: (1 - x - sum of (1 - x^(2^-k))^2 2^-k) / 3. */
function tau(notFullShare: number): number {
  if (notFullShare === 0 || notFullShare === 1) return 0;
  let [root, weight, sum] = [notFullShare, 1, 1 - notFullShare];
  for (;;) {
    root = Math.sqrt(root);
    weight *= 0.5;
    const next = sum - (1 - root) ** 2 * weight;
    if (next === sum) return sum / 3;
    sum = next;
  }
}

/** Four registers fill three bytes. */
function packed(registers: Uint8Array): string {
  const bytes = new Uint8Array((registerCount * bitsPerRegister) / 8);
  for (let index = 0; index < registerCount; index += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = registers.subarray(index, index + 4);
    bytes.set([(a << 2) | (b >> 4), ((b & 15) << 4) | (c >> 2), ((c & 3) << 6) | d], (index / 4) * 3);
  }
  return Buffer.from(bytes).toString('base64');
}

function unpacked(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== (registerCount * bitsPerRegister) / 8) {
    throw new InvariantError(`HyperLogLog registers have ${bytes.length} bytes instead of 3,072.`);
  }
  const registers = new Uint8Array(registerCount);
  for (let index = 0; index < registerCount; index += 4) {
    const [x = 0, y = 0, z = 0] = bytes.subarray((index / 4) * 3, (index / 4) * 3 + 3);
    registers.set([x >> 2, ((x & 3) << 4) | (y >> 4), ((y & 15) << 2) | (z >> 6), z & 63], index);
  }
  return registers;
}

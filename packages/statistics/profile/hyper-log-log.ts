import { Buffer } from 'node:buffer';
import { InvariantError } from '../errors.ts';

/** 2^12 registers: a standard error of 1.04 / sqrt(4096). */
const indexBits = 12;
const registerCount = 2 ** indexBits;
/** Bits of a hash that are left for the rank. */
const rankBits = 64 - indexBits;
/** What four bits say of a register that has its own byte. */
const ownByte = 15;
/** The smallest register, and four bits for each. */
const fixedBytes = 1 + registerCount / 2;

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

  /** As `distinct.registers` of a profile has them. */
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

/** Most registers are within 15 of the smallest, so that four bits each and a few bytes say all. */
function packed(registers: Uint8Array): string {
  const smallest = registers.reduce((least, rank) => Math.min(least, rank));
  const large = registers.filter((rank) => rank - smallest >= ownByte);
  const bytes = new Uint8Array(fixedBytes + large.length);
  bytes[0] = smallest;
  registers.forEach((rank, index) => {
    const at = 1 + (index >> 1);
    const excess = Math.min(ownByte, rank - smallest);
    bytes[at] = (bytes[at] ?? 0) | (index % 2 === 0 ? excess << 4 : excess);
  });
  bytes.set(large, fixedBytes);
  return Buffer.from(bytes).toString('base64');
}

function unpacked(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  const smallest = bytes[0] ?? 0;
  let used = fixedBytes;
  const registers = Uint8Array.from({ length: registerCount }, (_, index) => {
    const pair = bytes[1 + (index >> 1)] ?? 0;
    const excess = index % 2 === 0 ? pair >> 4 : pair & ownByte;
    if (excess < ownByte) return smallest + excess;
    used += 1;
    return bytes[used - 1] ?? 0;
  });
  if (bytes.length === used) return registers;
  throw new InvariantError(`HyperLogLog registers have ${bytes.length} bytes instead of ${used}.`);
}

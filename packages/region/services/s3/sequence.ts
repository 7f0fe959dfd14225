import { randomBytes } from 'node:crypto';

/** One thousandth of a millisecond, roughly: room for 2^20 writes in each millisecond. */
const stepsPerMillisecond = 20n;
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUV';

/**
 * Numbers the writes of a region: always upwards, over restarts too, even if the clock goes back.
 * A number is 16 hexadecimal digits, so comparing the text compares the numbers.
 */
export class Sequence {
  #last: bigint;
  readonly #now: () => number;

  /** @param last the last number that was recorded, if any */
  constructor(last: string | undefined, now: () => number) {
    this.#last = last === undefined ? 0n : BigInt(`0x${last}`);
    this.#now = now;
  }

  next(): string {
    const clock = BigInt(Math.floor(this.#now())) << stepsPerMillisecond;
    this.#last = clock > this.#last ? clock : this.#last + 1n;
    return this.#last.toString(16).padStart(16, '0');
  }
}

/** The opposite order: the later the write, the smaller the text. */
export function newestFirst(sequencer: string): string {
  return (0xffff_ffff_ffff_ffffn - BigInt(`0x${sequencer}`)).toString(16).padStart(16, '0');
}

/** 32 characters that nobody can guess: 13 of the sequencer, so that ids sort by age, and 19 random ones. */
export function versionIdOf(sequencer: string): string {
  let rest = BigInt(`0x${sequencer}`);
  let id = '';
  for (let digit = 0; digit < 13; digit += 1) {
    id = `${alphabet[Number(rest & 31n)]}${id}`;
    rest >>= 5n;
  }
  for (const byte of randomBytes(19)) id += alphabet[byte & 31];
  return id;
}

/** The sequencer inside a version id; `undefined` for what cannot be one. */
export function sequencerOf(versionId: string): string | undefined {
  if (!/^[0-9A-V]{32}$/.test(versionId)) return undefined;
  let value = 0n;
  for (const character of versionId.slice(0, 13)) value = (value << 5n) | BigInt(alphabet.indexOf(character));
  return value <= 0xffff_ffff_ffff_ffffn ? value.toString(16).padStart(16, '0') : undefined;
}

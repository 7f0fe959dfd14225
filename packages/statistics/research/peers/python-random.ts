/** Numbers of state, and how far the recurrence looks ahead. */
const size = 624;
const ahead = 397;

/**
 * CPython's `random.Random`: the Mersenne Twister MT19937 (Matsumoto and Nishimura, ACM Transactions on Modeling and Computer Simulation 8,
 * 1998, page 3), seeded by the digits of a whole number, and what CPython makes of its 32 bits at a time.
 */
export class PythonRandom {
  readonly #state: Uint32Array;
  #next = size;

  /** @param seed 0 to 2^32 - 1 */
  constructor(seed: number) {
    this.#state = seeded(seed);
  }

  /** A number in [0, 1) of 53 bits. */
  random(): number {
    const high = this.#bits() >>> 5;
    const low = this.#bits() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** So many of the numbers, drawn with replacement. */
  choices(values: readonly number[], count: number): number[] {
    return Array.from(
      { length: count },
      () => values[Math.floor(this.random() * values.length)] ?? Number.NaN,
    );
  }

  /** So many of the numbers from 0 to below `below`, each once, from a pool; CPython does so for 22 to 85 of up to 277. */
  sample(below: number, count: number): number[] {
    const pool = Array.from({ length: below }, (_, index) => index);
    return Array.from({ length: count }, (_, drawn) => {
      const index = this.#below(below - drawn);
      const chosen = pool[index] ?? 0;
      pool[index] = pool[below - drawn - 1] ?? 0;
      return chosen;
    });
  }

  /** Rejects what is too large, so that each number is as probable. */
  #below(limit: number): number {
    const bits = 32 - Math.clz32(limit);
    for (;;) {
      const number = this.#bits() >>> (32 - bits);
      if (number < limit) return number;
    }
  }

  #bits(): number {
    if (this.#next === size) this.#twist();
    const word = at(this.#state, this.#next);
    this.#next += 1;
    let tempered = word ^ (word >>> 11);
    tempered ^= (tempered << 7) & 0x9d2c5680;
    tempered ^= (tempered << 15) & 0xefc60000;
    return (tempered ^ (tempered >>> 18)) >>> 0;
  }

  #twist(): void {
    for (let index = 0; index < size; index += 1) {
      const joined =
        (at(this.#state, index) & 0x80000000) | (at(this.#state, (index + 1) % size) & 0x7fffffff);
      const odd = (joined & 1) === 1 ? 0x9908b0df : 0;
      this.#state[index] = at(this.#state, (index + ahead) % size) ^ (joined >>> 1) ^ odd;
    }
    this.#next = 0;
  }
}

/** The generator's own initialisation by an array, of one number here. */
function seeded(seed: number): Uint32Array {
  const state = new Uint32Array(size);
  state[0] = 19650218;
  for (let index = 1; index < size; index += 1) {
    state[index] = Math.imul(1812433253, mixed(state, index)) + index;
  }
  for (let step = 0; step < size; step += 1) {
    const index = nextPosition(state, step);
    state[index] = (at(state, index) ^ Math.imul(mixed(state, index), 1664525)) + seed;
  }
  for (let step = 1; step < size; step += 1) {
    const index = nextPosition(state, step);
    state[index] = (at(state, index) ^ Math.imul(mixed(state, index), 1566083941)) - index;
  }
  state[0] = 0x80000000;
  return state;
}

/** Steps go round the words 1 to 623; the last word stands before the first one. */
function nextPosition(state: Uint32Array, step: number): number {
  const index = (step % (size - 1)) + 1;
  if (index === 1 && step > 0) state[0] = at(state, size - 1);
  return index;
}

function mixed(state: Uint32Array, index: number): number {
  const before = at(state, index - 1);
  return before ^ (before >>> 30);
}

function at(state: Uint32Array, index: number): number {
  return state[index] ?? 0;
}

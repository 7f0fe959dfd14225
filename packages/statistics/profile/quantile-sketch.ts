import type { QuantileSketch } from './profile.schema.ts';
import { sortedAtOnce, sortNumbers } from './sort-numbers.ts';

/** Capacity of the highest level; each level below has two thirds of the one above (Karnin, Lang and Liberty, 2016). */
const capacity = 400;
const decay = 2 / 3;
const smallestCapacity = 8;

/** Values are sorted so many at a time before they enter a level. */
const runLength = sortedAtOnce;

/**
 * Of more values than this one in 2, 4, 8 … enters the sketch, picked from its neighbours by chance, as in section 3 of the paper. It makes
 * the sketch cost a fraction of a sort; with at least half as many picked, their part in `rankError` is at most 0.9 %.
 */
const sampledFrom = 2 ** 16;

/** Of a rank that is further off than `rankError`. */
const errorProbability = 0.01;

/**
 * Takes in numbers and keeps some that stand for all. Whether the values in odd or in even places survive, and which one stands for its
 * neighbours, is decided by pseudo-random bits, so the same numbers in the same order with the same seed give the same sketch.
 */
export class QuantileSketcher {
  /** Sorted; an item of level i stands for 2^i values. */
  readonly #levels: Float64Array[] = [];
  /** Values waiting to be sorted: each stands for 2^#weightBits. */
  readonly #run = new Float64Array(runLength);
  #runCount = 0;
  #weightBits = 0;
  #n = 0;
  #squaredErrorRanges = 0;
  #random: number;

  /** @param seed any integer; sketches that will be merged should have different ones, so that their errors do not add up */
  constructor(seed: number) {
    // Xorshift cannot leave 0.
    this.#random = (Math.imul(seed, 0x9e3779b1) ^ 0x6d2b79f5) | 0 || 1;
  }

  /** Adds the first `count` numbers. */
  addAll(values: Float64Array, count: number): void {
    this.#sampleMore(this.#n + count);
    const weight = 2 ** this.#weightBits;
    let from = 0;
    for (; from + weight <= count; from += weight) this.#push(values[from + this.#below(weight)] ?? 0);
    this.#squaredErrorRanges += weight > 1 ? (from / weight) * weight ** 2 : 0;
    this.#n += from;
    // What is left is less than one picked value stands for, so it enters lower levels.
    for (let level = this.#weightBits - 1; from < count; level -= 1) {
      const size = 2 ** level;
      if (from + size > count) continue;
      this.#merge(level, Float64Array.of(values[from + this.#below(size)] ?? 0));
      this.#squaredErrorRanges += size > 1 ? size ** 2 : 0;
      this.#n += size;
      from += size;
    }
  }

  /** Adds numbers that occur more than once: ascending, each with its number of occurrences. Nothing is lost in adding them. */
  addCounted(pairs: readonly WeightedNumber[]): void {
    const most = Math.max(0, ...pairs.map(([, rows]) => rows));
    for (let level = 0; 2 ** level <= most; level += 1) {
      const run = pairs.filter(([, rows]) => Math.floor(rows / 2 ** level) % 2 === 1).map(([value]) => value);
      if (run.length > 0) this.#merge(level, Float64Array.from(run));
    }
    this.#n += pairs.reduce((total, [, rows]) => total + rows, 0);
    this.#compress();
  }

  /** Takes over what another sketch stands for. */
  addSketch({ n, levels, squaredErrorRanges }: QuantileSketch): void {
    levels.forEach((level, index) => {
      this.#merge(index, Float64Array.from(level));
    });
    this.#n += n;
    this.#squaredErrorRanges += squaredErrorRanges;
    this.#compress();
  }

  finish(): QuantileSketch {
    this.#sortRun();
    return {
      n: this.#n,
      levels: this.#levels.map((level) => [...level]),
      squaredErrorRanges: this.#squaredErrorRanges,
      rankError: rankError(this.#squaredErrorRanges, this.#n),
    };
  }

  /** Lets each picked value stand for twice as many when there are too many of them. */
  #sampleMore(n: number): void {
    while (n / 2 ** this.#weightBits > sampledFrom && 2 ** this.#weightBits < runLength) {
      this.#sortRun();
      this.#weightBits += 1;
    }
  }

  #push(value: number): void {
    this.#run[this.#runCount] = value;
    this.#runCount += 1;
    if (this.#runCount === runLength) this.#sortRun();
  }

  #sortRun(): void {
    if (this.#runCount === 0) return;
    const run = this.#run.slice(0, this.#runCount);
    sortNumbers(run);
    this.#merge(this.#weightBits, run);
    this.#runCount = 0;
    this.#compress();
  }

  /** Adds a sorted run to a level. */
  #merge(level: number, run: Float64Array): void {
    while (this.#levels.length <= level) this.#levels.push(new Float64Array());
    this.#levels[level] = mergeSorted(this.#levels[level] ?? new Float64Array(), run);
  }

  /** Halves levels that are too full, from the lowest up. */
  #compress(): void {
    for (let level = 0; level < this.#levels.length; level += 1) {
      const items = this.#levels[level] ?? new Float64Array();
      if (items.length > capacityOf(level, this.#levels.length)) this.#compact(level, items);
    }
  }

  /** Every second item goes up a level and stands for both. An odd one out stays. */
  #compact(level: number, items: Float64Array): void {
    const pairs = items.length >>> 1;
    const odd = items.length % 2;
    // The one that stays is the first or the last, so that neither end is favoured.
    const start = odd === 1 ? this.#below(2) : 0;
    const stays = odd === 0 ? [] : [items[start === 1 ? 0 : items.length - 1] ?? 0];
    const offset = start + this.#below(2);
    const survivors = new Float64Array(pairs);
    for (let index = 0; index < pairs; index += 1) survivors[index] = items[2 * index + offset] ?? 0;
    this.#levels[level] = Float64Array.from(stays);
    this.#merge(level + 1, survivors);
    // A rank is off by the weight of one item, up or down, or not at all.
    this.#squaredErrorRanges += (2 * 2 ** level) ** 2;
  }

  /** A pseudo-random number from 0 to a power of two, exclusively (xorshift, Marsaglia, 2003). */
  #below(powerOfTwo: number): number {
    let bits = this.#random;
    bits ^= bits << 13;
    bits ^= bits >>> 17;
    bits ^= bits << 5;
    this.#random = bits;
    return (bits >>> 8) & (powerOfTwo - 1);
  }
}

/** A number and how often it occurs. */
export type WeightedNumber = readonly [value: number, weight: number];

/**
 * One sketch for the values of all; its error is at most what the sum of theirs comes to, and what halving levels adds.
 * @param counted values that are known, each list ascending
 */
export function mergeSketches(
  sketches: readonly QuantileSketch[],
  counted: readonly (readonly WeightedNumber[])[] = [],
): QuantileSketch {
  const seed = sketches.reduce((sum, { n, squaredErrorRanges }) => sum + n + squaredErrorRanges, 1);
  const merged = new QuantileSketcher(seed);
  for (const sketch of sketches) merged.addSketch(sketch);
  for (const values of counted) merged.addCounted(values);
  return merged.finish();
}

/**
 * The smallest kept value that at least this share of the values does not exceed; `undefined` without values.
 * @param share 0 to 1
 */
export function quantile(sketch: QuantileSketch, share: number): number | undefined {
  return quantiles(sketch, [share])[0];
}

/** The quantile of each share, in the shares' order; empty without values. */
export function quantiles(sketch: QuantileSketch, shares: readonly number[]): number[] {
  return weightedQuantiles(weightedItems(sketch), shares);
}

/** As `quantiles`, of numbers that are known. @param items ascending */
export function weightedQuantiles(items: readonly WeightedNumber[], shares: readonly number[]): number[] {
  if (items.length === 0) return [];
  let below = 0;
  const cumulative = items.map(([, weight]) => {
    below += weight;
    return below;
  });
  return shares.map((share) => {
    const index = cumulative.findIndex((count) => count >= share * below);
    return (items[index] ?? items.at(-1) ?? [Number.NaN])[0];
  });
}

/** Share of the values that are at most this one: the empirical distribution function. 0 without values. */
export function rank(sketch: QuantileSketch, value: number): number {
  if (sketch.n === 0) return 0;
  const below = sketch.levels.map(
    (level, index) => level.filter((item) => item <= value).length * 2 ** index,
  );
  return below.reduce((sum, count) => sum + count, 0) / sketch.n;
}

/** What a sketch keeps, ascending, each standing for so many values. */
export function weightedItems({ levels }: QuantileSketch): WeightedNumber[] {
  return levels
    .flatMap((level, index) => level.map((value): WeightedNumber => [value, 2 ** index]))
    .sort(([a], [b]) => a - b);
}

function capacityOf(level: number, levels: number): number {
  return Math.max(smallestCapacity, Math.ceil(capacity * decay ** (levels - 1 - level)));
}

/**
 * Hoeffding's inequality (1963): independent errors with mean 0 and ranges r sum up to more than t with a probability of at most
 * 2 exp(-2 t^2 / sum of r^2).
 */
function rankError(squaredRanges: number, n: number): number {
  if (n === 0) return 0;
  return Math.min(1, Math.sqrt((Math.log(2 / errorProbability) / 2) * squaredRanges) / n);
}

function mergeSorted(a: Float64Array, b: Float64Array): Float64Array {
  if (a.length === 0 || b.length === 0) return a.length === 0 ? b : a;
  const merged = new Float64Array(a.length + b.length);
  let [inA, inB] = [0, 0];
  for (let index = 0; index < merged.length; index += 1) {
    const fromA = a[inA] ?? Number.POSITIVE_INFINITY;
    const fromB = b[inB] ?? Number.POSITIVE_INFINITY;
    // An exhausted side counts as infinite, and no value is.
    if (fromA <= fromB) {
      merged[index] = fromA;
      inA += 1;
    } else {
      merged[index] = fromB;
      inB += 1;
    }
  }
  return merged;
}

import { Buffer } from 'node:buffer';
import type { ColumnType } from '../tables/column.schema.ts';
import type { ColumnPlan } from './binning-plan.schema.ts';
import { type CellFindings, noFindings } from './cell-findings.ts';
import { EdgeBins } from './edge-bins.ts';
import { HashIndex } from './hash-index.ts';
import { distinctStandardError, HyperLogLog } from './hyper-log-log.ts';
import { completeValues } from './limits.ts';
import { mergeMoments, momentsOfOne, noMoments, profileMomentsOf } from './profile-moments.ts';
import { QuantileSketcher } from './quantile-sketch.ts';
import { numberSpelled, spelledNumber } from './spelled-value.ts';
import { completeTop } from './top-values.ts';
import { ValueBins } from './value-bins.ts';
import { highHalf, ValueHasher } from './value-hash.ts';

/** Numbers that are looked at together: the loops over them then run at the speed of the first-level cache. */
const batchSize = 2048;

/** Different values for which there is room at first: a file may have 2,000 columns. */
const expectedValues = 64;

/** The latest time that JavaScript knows, either side of 1970, in milliseconds. */
const furthestTime = 8.64e15;

/**
 * Profiles numbers, or times as milliseconds since 1970. As long as there are few different ones, counting each is all there is to do, and everything
 * else follows from the counts in the end. Beyond that they are forgotten and estimated.
 */
export class NumberColumn {
  readonly #isTime: boolean;
  readonly #plan: ColumnPlan | undefined;
  readonly #seed: number;
  readonly #hasher = new ValueHasher();
  readonly #batch = new Float64Array(batchSize);
  #batchCount = 0;
  #present = 0;
  #unreadable = 0;
  /** The different values and the rows of each, by their places in the index; unused once there are many. */
  readonly #index = new HashIndex(expectedValues);
  #values = new Float64Array(expectedValues);
  #rows = new Float64Array(expectedValues);
  #many: ManyNumbers | undefined;

  constructor(type: ColumnType, plan: ColumnPlan | undefined, seed: number) {
    this.#isTime = type === 'timestamp';
    this.#plan = plan;
    this.#seed = seed;
  }

  /** Adds a number; NaN is a missing one. */
  add(value: number): void {
    if (Number.isNaN(value)) return;
    this.#batch[this.#batchCount] = value;
    this.#batchCount += 1;
    if (this.#batchCount === batchSize) this.#flush();
  }

  /** Adds numbers, NaN for missing ones. */
  addAll(values: Float64Array): void {
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index] ?? 0;
      if (Number.isNaN(value)) continue;
      this.#batch[this.#batchCount] = value;
      this.#batchCount += 1;
      if (this.#batchCount === batchSize) this.#flush();
    }
  }

  /** Adds a number that so many rows have; NaN is a missing one. */
  addCounted(value: number, rows: number): void {
    if (Number.isNaN(value)) return;
    if (Math.abs(value) > this.#furthest()) {
      this.#unreadable += rows;
      return;
    }
    this.#present += rows;
    if (this.#many === undefined && this.#countOne(value + 0, rows)) return;
    this.#many ??= this.#becomeMany();
    this.#many.addCounted([[value + 0, rows]]);
  }

  addUnreadable(rows = 1): void {
    this.#unreadable += rows;
  }

  finish(): CellFindings {
    this.#flush();
    const seen = { present: this.#present, unreadable: this.#unreadable };
    if (this.#many) return { ...this.#many.finish(), ...seen };
    const counted = this.#counted();
    const statistics = new ManyNumbers(this.#isTime, this.#plan, this.#seed);
    statistics.addCounted(counted);
    const top = completeTop(counted.map(([value, rows]) => [spelledNumber(value, this.#isTime), rows]));
    return {
      ...statistics.finish(),
      distinct: { estimate: counted.length, standardError: 0, registers: null },
      // All values tell more than a sketch of them.
      quantiles: null,
      top,
      ...seen,
    };
  }

  #flush(): void {
    const count = this.#keepReadable();
    this.#batchCount = 0;
    this.#present += count;
    const counted = this.#many === undefined ? this.#count(count) : 0;
    if (counted === count) return;
    this.#many ??= this.#becomeMany();
    this.#many.addAll(this.#batch.subarray(counted, count), count - counted);
  }

  /** Moves numbers that can be counted to the front of the batch. */
  #keepReadable(): number {
    const furthest = this.#furthest();
    let kept = 0;
    for (let index = 0; index < this.#batchCount; index += 1) {
      const value = this.#batch[index] ?? 0;
      if (Math.abs(value) <= furthest) {
        // Adding 0 makes 0 of -0, which is the same number and spelled the same.
        this.#batch[kept] = value + 0;
        kept += 1;
      } else this.#unreadable += 1;
    }
    return kept;
  }

  #furthest(): number {
    return this.#isTime ? furthestTime : Number.MAX_VALUE;
  }

  /** Counts values until there are too many different ones. @returns how many were counted */
  #count(count: number): number {
    for (let index = 0; index < count; index += 1) {
      if (!this.#countOne(this.#batch[index] ?? 0, 1)) return index;
    }
    return count;
  }

  /** Counts rows of a value; `false` when it would be one too many. */
  #countOne(value: number, rows: number): boolean {
    this.#hasher.ofNumber(value);
    const { high, low } = this.#hasher;
    let place = this.#index.find(high, low);
    if (place === -1) {
      if (this.#index.size === completeValues) return false;
      place = this.#index.add(high, low);
      if (place === this.#values.length) this.#grow();
      this.#values[place] = value;
    }
    this.#rows[place] = (this.#rows[place] ?? 0) + rows;
    return true;
  }

  #grow(): void {
    const [values, rows] = [this.#values, this.#rows];
    this.#values = new Float64Array(2 * values.length);
    this.#rows = new Float64Array(2 * rows.length);
    this.#values.set(values);
    this.#rows.set(rows);
  }

  #becomeMany(): ManyNumbers {
    const many = new ManyNumbers(this.#isTime, this.#plan, this.#seed);
    many.addCounted(this.#counted());
    return many;
  }

  /** Ascending. */
  #counted(): [value: number, rows: number][] {
    return Array.from({ length: this.#index.size }, (_, place): [number, number] => [
      this.#values[place] ?? 0,
      this.#rows[place] ?? 0,
    ]).sort(([a], [b]) => a - b);
  }
}

/** Everything that can be said of numbers without keeping them. */
class ManyNumbers {
  readonly #isTime: boolean;
  readonly #hasher = new ValueHasher();
  readonly #distinct = new HyperLogLog();
  readonly #quantiles: QuantileSketcher;
  readonly #edgeBins: EdgeBins | undefined;
  readonly #valueBins: ValueBins | undefined;
  #minimum = Number.POSITIVE_INFINITY;
  #maximum = Number.NEGATIVE_INFINITY;
  #moments = noMoments;

  constructor(isTime: boolean, plan: ColumnPlan | undefined, seed: number) {
    this.#isTime = isTime;
    this.#quantiles = new QuantileSketcher(seed);
    if (plan?.kind === 'edges') this.#edgeBins = new EdgeBins(plan.edges);
    if (plan?.kind === 'values') {
      this.#valueBins = new ValueBins(plan, (hasher, value) => hasher.ofNumber(numberSpelled(value, isTime)));
    }
  }

  /** Adds the first `count` numbers. */
  addAll(values: Float64Array, count: number): void {
    this.#addExtremes(values, count);
    this.#addHashes(values, count);
    this.#edgeBins?.addAll(values, count);
    if (this.#isTime) return;
    this.#moments = mergeMoments(this.#moments, profileMomentsOf(values, count));
    this.#quantiles.addAll(values, count);
  }

  /** Adds numbers that occur more than once, ascending. */
  addCounted(counted: readonly (readonly [value: number, rows: number])[]): void {
    for (const [value, rows] of counted) {
      this.#minimum = Math.min(this.#minimum, value);
      this.#maximum = Math.max(this.#maximum, value);
      this.#moments = mergeMoments(this.#moments, momentsOfOne(value, rows));
      this.#edgeBins?.add(value, rows);
      this.#addHash(value, rows);
    }
    if (!this.#isTime) this.#quantiles.addCounted(counted);
  }

  finish(): Omit<CellFindings, 'present' | 'unreadable'> {
    const hasValues = this.#minimum <= this.#maximum;
    const time = (milliseconds: number) => (hasValues ? new Date(milliseconds).toISOString() : null);
    const number = (value: number) => (hasValues ? value : null);
    return {
      ...noFindings,
      ...(this.#isTime
        ? { earliest: time(this.#minimum), latest: time(this.#maximum) }
        : {
            minimum: number(this.#minimum),
            maximum: number(this.#maximum),
            moments: this.#moments,
            quantiles: this.#quantiles.finish(),
          }),
      distinct: {
        estimate: this.#distinct.estimate(),
        standardError: distinctStandardError,
        registers: this.#distinct.registers(),
      },
      histogram: this.#edgeBins?.finish() ?? null,
      categories: this.#valueBins?.finish() ?? null,
    };
  }

  #addExtremes(values: Float64Array, count: number): void {
    let [minimum, maximum] = [this.#minimum, this.#maximum];
    for (let index = 0; index < count; index += 1) {
      const value = values[index] ?? 0;
      if (value < minimum) minimum = value;
      if (value > maximum) maximum = value;
    }
    this.#minimum = minimum;
    this.#maximum = maximum;
  }

  #addHashes(values: Float64Array, count: number): void {
    const halves = new Uint32Array(values.buffer, values.byteOffset, 2 * count);
    for (let index = 0; index < count; index += 1) {
      this.#hasher.ofHalves(halves[2 * index + highHalf] ?? 0, halves[2 * index + 1 - highHalf] ?? 0);
      this.#distinct.add(this.#hasher.high, this.#hasher.low);
      if (this.#valueBins) this.#addToBins(values[index] ?? 0, 1);
    }
  }

  #addHash(value: number, rows: number): void {
    this.#hasher.ofNumber(value);
    this.#distinct.add(this.#hasher.high, this.#hasher.low);
    this.#addToBins(value, rows);
  }

  /** Adds a value that was just hashed. */
  #addToBins(value: number, rows: number): void {
    const { high, low } = this.#hasher;
    if (this.#valueBins === undefined || this.#valueBins.add(high, low, rows)) return;
    const bytes = Buffer.from(spelledNumber(value, this.#isTime));
    this.#valueBins.addNew(high, low, rows, bytes, 0, bytes.length);
  }
}

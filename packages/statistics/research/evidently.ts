import { jensenShannonDivergence, sharesOf } from '../drift/distances.ts';
import { chiSquareGoodnessOfFit, twoProportions } from './peers/category-tests.ts';
import { ksAsymptoticP } from './peers/kolmogorov-smirnov.ts';
import type { Population } from './populations.ts';
import type { Sample } from './samples.ts';

/** Evidently 0.7's defaults: significance of tests, threshold of distances, and up to how many reference rows it tests. */
const significance = 0.05;
const threshold = 0.1;
const testedRows = 1000;
/** Numbers with no more different values are treated as categories. */
const fewValues = 5;

/**
 * Whether Evidently's default rule calls a column drift: with at most 1,000 rows of reference Kolmogorov-Smirnov, chi-square (goodness of
 * fit) or, for two values, a z-test at 0.05; with more, Wasserstein-1 over σ or Jensen-Shannon (root of nats) at 0.1. Missing
 * values are left out. Reimplemented from its source.
 */
export function evidentlyCallsDrift(
  { kind, values }: Population,
  reference: Sample,
  current: Sample,
): boolean {
  const present = Array.from(reference.cells.keys()).filter(
    (cell) => (reference.cells[cell] ?? 0) + (current.cells[cell] ?? 0) > 0,
  );
  const of = ({ cells }: Sample) => present.map((cell) => cells[cell] ?? 0);
  const [before, now] = [of(reference), of(current)];
  const rows = sum(before) + reference.missing;
  const isNumber = kind === 'number' && present.length > fewValues;
  const valuesOf = present.map((cell) => values[cell] ?? 0);
  if (rows > testedRows) {
    return isNumber
      ? normedWasserstein(valuesOf, before, now) >= threshold
      : jensenShannon(before, now) >= threshold;
  }
  if (isNumber) return ksP(before, now) <= significance;
  if (present.length <= 2) {
    if (present.length < 2) return false;
    return twoProportions([before[1] ?? 0, sum(before)], [now[1] ?? 0, sum(now)]).p <= significance;
  }
  return chiSquareGoodnessOfFit(before, now).p <= significance;
}

function jensenShannon(before: readonly number[], now: readonly number[]): number {
  return Math.sqrt(jensenShannonDivergence(sharesOf(before), sharesOf(now)) * Math.LN2);
}

/** Area between the distribution functions over the reference's standard deviation, of counted values. */
function normedWasserstein(
  values: readonly number[],
  before: readonly number[],
  now: readonly number[],
): number {
  const [p, q] = [sharesOf(before), sharesOf(now)];
  let [difference, area] = [0, 0];
  values.forEach((value, index) => {
    difference += (p[index] ?? 0) - (q[index] ?? 0);
    area += Math.abs(difference) * ((values[index + 1] ?? value) - value);
  });
  const mean = values.reduce((total, value, index) => total + value * (p[index] ?? 0), 0);
  const variance = values.reduce((total, value, index) => total + (value - mean) ** 2 * (p[index] ?? 0), 0);
  return area / Math.max(Math.sqrt(variance), 0.001);
}

/** Up to this many rows the exact one-sample distribution takes no time. */
const exactRows = 100;

function ksP(before: readonly number[], now: readonly number[]): number {
  const [p, q] = [sharesOf(before), sharesOf(now)];
  let [difference, largest] = [0, 0];
  p.forEach((share, index) => {
    difference += share - (q[index] ?? 0);
    largest = Math.max(largest, Math.abs(difference));
  });
  const [n, m] = [sum(before), sum(now)];
  const rows = (n * m) / (n + m);
  return rows <= exactRows ? ksAsymptoticP(largest, n, m) : kolmogorovTail(Math.sqrt(rows) * largest);
}

/** Limiting distribution of Kolmogorov's statistic. */
function kolmogorovTail(x: number): number {
  let tail = 0;
  for (let k = 1; k <= 100; k += 1) tail += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, x < 0.2 ? 1 : tail));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

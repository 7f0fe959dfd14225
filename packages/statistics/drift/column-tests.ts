import { normalQuantile } from '../metrics/normal.ts';
import { sumOf } from '../metrics/sums.ts';
import { type Contingency, contingency, isComparable } from './contingency.ts';
import type { BinCounts, ComparedColumn, DriftTest } from './drift.schema.ts';
import { normalTwoSided } from './gamma.ts';
import { fisherExact } from './hypergeometric.ts';
import { importanceConvention, type Proposal, twoStageP } from './importance-sampling.ts';
import { pearsonConvention, pearsonStatistic, pearsonTail } from './pearson.ts';
import { scattered, shifted } from './proposals.ts';
import { rankSum, rankSumConvention } from './rank-sum.ts';
import { seedOf } from './seed.ts';

/** A test before it is known which other tests it shares the alpha with. */
export type RawTest = Omit<DriftTest, 'adjustedP' | 'significant'>;

/** How small p-values have to be known, and from which numbers they are drawn. */
export interface TestEffort {
  readonly alpha: number;
  readonly seed: number;
}

/** A test that can be made of a column: what it looks at, and the counts that it looks at. */
interface PlannedTest {
  readonly what: DriftTest['what'];
  readonly table: Contingency;
}

/**
 * The tests that a column allows; a column that never varies allows none. Which ones those are depends on the pooled rows
 * only, never on what differs between the two sides, so leaving the others out costs no false alarms.
 */
export function plannedTests(column: ComparedColumn): PlannedTest[] {
  if (column.presence !== 'both') return [];
  const values = contingency(column.reference.counts, column.current.counts);
  const missing = contingency(presentAndMissing(column.reference), presentAndMissing(column.current));
  // With two bins the order says no more than the shares do.
  const isOrdered = column.kind === 'number' && values.totals.length > 2;
  const planned: PlannedTest[] = [
    { what: 'shape', table: values },
    ...(isOrdered ? [{ what: 'location', table: values } as const] : []),
    { what: 'missing', table: missing },
  ];
  return planned.filter(({ table }) => isComparable(table));
}

/** A column's rows with and without a value. */
export function presentAndMissing({ counts, missing }: BinCounts): number[] {
  return [sumOf(counts), missing];
}

/**
 * Above this multiple of alpha no p-value can become significant by correction, and an approximation says well enough by how
 * much it is not. The factor leaves room for the approximation's error.
 */
const safetyFactor = 20;
/** Approximations of larger p-values are kept whatever alpha is. */
const largestRefined = 0.1;

/** A first look that leaves a p-value above refineFrom over this (twice alpha, as a rule) has seen enough. */
const clearlyAbove = 10;

/** Makes the tests of one column; `tests` is how many share the alpha. */
export function makeTests(column: ComparedColumn, tests: number, effort: TestEffort): RawTest[] {
  return plannedTests(column).map((planned) => makeTest(planned, column.name, tests, effort));
}

function makeTest({ what, table }: PlannedTest, name: string, tests: number, effort: TestEffort): RawTest {
  // By the name and not the position: a column that is added must not change what is said of the others.
  const seed = (effort.seed ^ seedOf(`${what} ${name}`)) >>> 0;
  const aim = {
    p: effort.alpha / tests,
    refineFrom: Math.min(largestRefined, safetyFactor * effort.alpha),
    seed,
  };
  if (table.totals.length === 2) return fisherTest(what, table);
  return what === 'location' ? locationTest(table, aim) : shapeTest(what, table, aim);
}

/** The probability at which precision matters, below which value of p the simulation begins, and its seed. */
interface Aim {
  readonly p: number;
  readonly refineFrom: number;
  readonly seed: number;
}

function fisherTest(what: DriftTest['what'], table: Contingency): RawTest {
  const distribution = { total: table.total, marked: table.totals[1] ?? 0, drawn: table.size };
  const observed = table.counts[1] ?? 0;
  return {
    what,
    statistic: { name: 'rows of the second bin in the smaller sample', value: observed },
    p: atLeastSmallest(fisherExact(distribution, observed)),
    method: 'exact',
    convention: "Fisher's exact test, two-sided: outcomes no more probable than the observed one",
  };
}

function shapeTest(what: DriftTest['what'], table: Contingency, aim: Aim): RawTest {
  const value = pearsonStatistic(table.counts, table);
  const result = refined(table, aim, {
    approximation: pearsonTail(value, table),
    convention: 'gamma distribution with the exact conditional mean and variance (Haldane 1945)',
    statistic: (counts) => pearsonStatistic(counts, table),
    proposal: () => scattered(table, inflationFor(aim.p, table.totals.length - 1)),
  });
  return { what, statistic: { name: pearsonConvention, value }, ...result };
}

function locationTest(table: Contingency, aim: Aim): RawTest {
  const { scores, deviation, statistic } = rankSum(table);
  const z = statistic(table.counts) / deviation;
  const result = refined(table, aim, {
    approximation: normalTwoSided(z),
    convention: 'normal distribution with the exact conditional variance',
    statistic: (counts) => Math.abs(statistic(counts)),
    proposal: () => shifted(table, scores, normalQuantile(1 - aim.p / 2), deviation),
  });
  // Positive: the window lies higher.
  const value = table.smallerIsSecond ? z : -z;
  return { what: 'location', statistic: { name: `${rankSumConvention}; standardised`, value }, ...result };
}

interface Refinement {
  readonly approximation: number;
  readonly convention: string;
  readonly statistic: (counts: Float64Array) => number;
  readonly proposal: () => Proposal;
}

/** An approximate p-value where it is far from significant, one that holds exactly where it is not. */
function refined(
  table: Contingency,
  { refineFrom, seed }: Aim,
  { approximation, convention, statistic, proposal }: Refinement,
): Pick<RawTest, 'p' | 'method' | 'convention' | 'simulation'> {
  if (approximation > refineFrom) return { p: approximation, method: 'approximation', convention };
  const { p, draws } = twoStageP(table, statistic, proposal(), seed, refineFrom / clearlyAbove);
  return { p, method: 'importance-sampling', convention: importanceConvention, simulation: { draws, seed } };
}

/** Sums of doubles can reach 0, probabilities of what has happened cannot. */
function atLeastSmallest(p: number): number {
  return Math.max(p, 1e-300);
}

/**
 * With the statistic's quantile over its mean as inflation, typical draws would be just extreme enough; a little less makes their
 * weights more even. Found by trying: p-values of 1e-2 to 1e-9 in 3 to 100 bins then scatter by 10 to 50 %.
 */
const inflationExponent = 0.75;

function inflationFor(p: number, degreesOfFreedom: number): number {
  return (chiSquareQuantile(p, degreesOfFreedom) / degreesOfFreedom) ** inflationExponent;
}

/** Upper quantile of the chi-square distribution, good to a few percent (Wilson and Hilferty, PNAS 17, 1931, page 684). */
function chiSquareQuantile(p: number, degreesOfFreedom: number): number {
  const spread = 2 / (9 * degreesOfFreedom);
  return degreesOfFreedom * (1 - spread + normalQuantile(1 - p) * Math.sqrt(spread)) ** 3;
}

import { presentAndMissing } from './column-tests.ts';
import { chanceFree, type DebiasedDivergence } from './debiased-distance.ts';
import {
  largestDifference,
  populationStabilityIndex,
  sharesOf,
  totalVariation,
  wasserstein,
} from './distances.ts';
import type { ComparedColumn, Distance } from './drift.schema.ts';

const rootOfBits = 'root of the Jensen-Shannon divergence to base 2, 0 to 1';
const valuesOnly = 'over the bins of the values that are not missing';
const withAndWithout = 'over two bins, with a value and without';
const debiased =
  'after taking off the divergence that samples of these sizes have by chance, given the margins';

/** How far a column has moved, by every measure that is reported, and by the two that decide. */
export interface ColumnDistances {
  /** Debiased Jensen-Shannon distances. */
  readonly values: number;
  readonly missing: number;
  readonly all: readonly Distance[];
}

export function columnDistances(column: ComparedColumn): ColumnDistances {
  const { reference, current } = column;
  const values = chanceFree(reference.counts, current.counts);
  const missing = chanceFree(presentAndMissing(reference), presentAndMissing(current));
  const p = sharesOf(reference.counts);
  const q = sharesOf(current.counts);
  return {
    values: values.debiased,
    missing: missing.debiased,
    all: [
      ...jensenShannon('jensen-shannon', values, valuesOnly),
      ...jensenShannon('jensen-shannon-missing', missing, withAndWithout),
      {
        name: 'population-stability-index',
        value: populationStabilityIndex(reference.counts, current.counts),
        convention: `natural logarithm, half a row added to every bin, ${valuesOnly}`,
      },
      {
        name: 'total-variation',
        value: totalVariation(p, q),
        convention: `half the sum of |p - q| ${valuesOnly}`,
      },
      {
        name: 'largest-difference',
        value: largestDifference(p, q),
        convention: `largest |p - q| ${valuesOnly}`,
      },
      ...inDeviations(column, p, q),
    ],
  };
}

function jensenShannon(
  name: 'jensen-shannon' | 'jensen-shannon-missing',
  { raw, debiased: value }: DebiasedDivergence,
  over: string,
): Distance[] {
  return [
    { name, value: raw, convention: `${rootOfBits}, ${over}` },
    { name: `${name}-debiased`, value, convention: `${rootOfBits}, ${over}, ${debiased}` },
  ];
}

function inDeviations(column: ComparedColumn, p: readonly number[], q: readonly number[]): Distance[] {
  if (column.kind !== 'number') return [];
  const deviation = column.moments?.reference.standardDeviation ?? 0;
  if (deviation === 0) return [];
  return [
    {
      name: 'wasserstein-1-binned',
      value: wasserstein(p, q, column.edges) / deviation,
      convention:
        "in the reference's standard deviations; distribution functions straight between edges, tails put on the outer ones",
    },
  ];
}

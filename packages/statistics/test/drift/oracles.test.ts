import { describe, expect, it } from 'vitest';
import {
  jensenShannonDivergence,
  largestDifference,
  populationStabilityIndex,
  sharesOf,
  totalVariation,
  wasserstein,
} from '../../drift/distances.ts';
import { fisherExact } from '../../drift/hypergeometric.ts';
import { metricOfScores } from '../../drift/score-metrics.ts';
import {
  chiSquareGoodnessOfFit,
  chiSquareHomogeneity,
  gTest,
  twoProportions,
} from '../../research/peers/category-tests.ts';
import { robustCorrection, robustDistance } from '../../research/peers/deequ.ts';
import { evidentlyPsi, hellinger, kullbackLeibler, sturgesShares } from '../../research/peers/divergences.ts';
import { ksAsymptoticP, ksExactP, ksStatistic } from '../../research/peers/kolmogorov-smirnov.ts';
import { PythonRandom } from '../../research/peers/python-random.ts';
import {
  cramerVonMises,
  cramerVonMisesExactP,
  mannWhitneyExactP,
  mannWhitneyU,
} from '../../research/peers/rank-tests.ts';
import {
  energyDistance,
  maximumMeanDiscrepancy,
  medianBandwidth,
  normedWasserstein,
  wassersteinOfSamples,
} from '../../research/peers/sample-distances.ts';
import { adwinThreshold, driftDetectionMethod, kswin, pageHinkley } from '../../research/peers/streams.ts';
import streams from './cases/streams.json' with { type: 'json' };

/** Data and values of other tools (scipy 1.17, Evidently 0.7, TFDV, NannyML, Deequ, River), run or read at the source. */
const A = { reference: [40, 30, 20, 10, 0], current: [30, 30, 25, 5, 10] };
const B = { reference: [40, 30, 20, 10], current: [30, 30, 25, 15] };
const C = {
  edges: [0, 10, 20, 30, 40],
  // With the bins below and above the edges.
  reference: [0, ...B.reference, 0],
  current: [0, ...B.current, 0],
  standardDeviation: 10,
};
const D = {
  reference: [38.7, 41.5, 43.8, 44.5, 45.5, 46, 47.7, 58],
  current: [39.2, 39.3, 39.7, 41.4, 41.8, 42.9, 43.3, 45.8],
};
const E = {
  reference: Array.from({ length: 50 }, (_, i) => i / 10),
  current: Array.from({ length: 40 }, (_, i) => 0.5 + 0.12 * i),
};
const deequ = { reference: [207, 20, 25, 14, 25, 13, 0], current: [22, 20, 25, 12, 13, 0, 15] };
const mmd = { x: [0, 1, 2], y: [1, 3, 5] };
const expectedScores = [0.1, 0.2, 0.3, 0.6, 0.8, 0.9].map((score) => ({
  rows: 1,
  positiveShare: score,
  score,
  isYes: score >= 0.5,
}));

const p = (data: { reference: readonly number[] }) => sharesOf(data.reference);
const q = (data: { current: readonly number[] }) => sharesOf(data.current);
const divergence = (data: typeof A) => jensenShannonDivergence(p(data), q(data));
const [sturgesReference, sturgesCurrent] = sturgesShares(E.reference, E.current);
/** The stream of River's own example, made as Python makes it, and its draws: `random.Random(12345)` and `KSWIN(alpha=0.0001, seed=42)`. */
const pythons = new PythonRandom(12345);
const riverStream = [...pythons.choices([0, 1], 1000), ...pythons.choices([4, 5, 6, 7], 1000)];
const kswinOfRiver = kswin(riverStream, new PythonRandom(42), { alpha: 0.0001 });
const digits = (text: string) => Array.from(text, Number);

const cases: readonly (readonly [formula: string, computed: number | undefined, expected: number])[] = [
  ["PSI, A, Evidently's filling", evidentlyPsi(p(A), q(A)), 0.7646674962092014],
  ['PSI, A, half a row added', populationStabilityIndex(A.reference, A.current), 0.36688176523854493],
  ['PSI, A, a row added', populationStabilityIndex(A.reference, A.current, 1), 0.2940319130430209],
  ['PSI, B', evidentlyPsi(p(B), q(B)), 0.060198640216296805],
  ["PSI, E, Sturges' bins", evidentlyPsi(sturgesReference, sturgesCurrent), 0.1478606694645789],
  ['Jensen-Shannon, A, TFDV: bits', divergence(A), 0.06330585137032535],
  ['Jensen-Shannon, A, NannyML: root of bits', Math.sqrt(divergence(A)), 0.2516065407940051],
  ['Jensen-Shannon, A, Evidently: root of nats', Math.sqrt(divergence(A) * Math.LN2), 0.20947618573548632],
  [
    "Jensen-Shannon, E, Evidently: root of nats in Sturges' bins",
    Math.sqrt(jensenShannonDivergence(sturgesReference, sturgesCurrent) * Math.LN2),
    0.13381262071655992,
  ],
  ['Kullback-Leibler, B', kullbackLeibler(p(B), q(B)), 0.029897607907054043],
  ['Hellinger, A', hellinger(p(A), q(A)), 0.2434591600609656],
  ['L∞, A', largestDifference(p(A), q(A)), 0.1],
  ['Robust correction, A', robustCorrection(100, 100), 0.2545584412271571],
  ['Robust L∞, A', robustDistance(A.reference, A.current), 0],
  ['Robust L∞, Deequ, α .003', robustDistance(deequ.reference, deequ.current, 0.003), 0.2726338046550349],
  ['Robust L∞, Deequ, α .1', robustDistance(deequ.reference, deequ.current, 0.1), 0.33774199396969184],
  ['Kolmogorov-Smirnov, D', ksStatistic(D.reference, D.current), 0.625],
  ['Kolmogorov-Smirnov, D, exact p', ksExactP(0.625, 8, 8), 0.08702408702408701],
  ['Kolmogorov-Smirnov, D, asymptotic p', ksAsymptoticP(0.625, 8, 8), 0.04931640625],
  ['Wasserstein-1, D', wassersteinOfSamples(D.reference, D.current), 4.1625],
  ['Wasserstein-1 over σ, D', normedWasserstein(D.reference, D.current), 0.781236105789365],
  ['Wasserstein-1 over σ, E', normedWasserstein(E.reference, E.current), 0.2702539821833424],
  ['Wasserstein-1 of histograms, C', wasserstein(p(C), q(C), C.edges), 2.5],
  ['Wasserstein-1 of histograms over σ, C', wasserstein(p(C), q(C), C.edges) / C.standardDeviation, 0.25],
  ['χ² of homogeneity, A', chiSquareHomogeneity(A.reference, A.current).statistic, 13.650793650793652],
  ['χ² of homogeneity, A, p', chiSquareHomogeneity(A.reference, A.current).p, 0.008497167742760119],
  ['χ² of homogeneity, B', chiSquareHomogeneity(B.reference, B.current).statistic, 2.984126984126984],
  ['χ² of homogeneity, B, p', chiSquareHomogeneity(B.reference, B.current).p, 0.39407896313656443],
  ['χ² goodness of fit, B', chiSquareGoodnessOfFit(B.reference, B.current).statistic, 6.25],
  ['χ² goodness of fit, B, p', chiSquareGoodnessOfFit(B.reference, B.current).p, 0.10006083311939494],
  ['χ² goodness of fit, A, p: a new category', chiSquareGoodnessOfFit(A.reference, A.current).p, 0],
  ['G, A', gTest(A.reference, A.current).statistic, 17.552108956115163],
  ['G, A, p', gTest(A.reference, A.current).p, 0.0015092861277671086],
  ['G, A, as Jensen-Shannon in nats', 2 * 200 * divergence(A) * Math.LN2, 17.552108956115163],
  ['z of two proportions', twoProportions([30, 100], [40, 100]).p, 0.13820766697402576],
  ['Fisher', fisherExact({ total: 200, marked: 70, drawn: 100 }, 30), 0.1819324149014409],
  ['Total variation, A', totalVariation(p(A), q(A)), 0.15],
  ['Cramér-von Mises, D', cramerVonMises(D.reference, D.current), 0.4375],
  ['Cramér-von Mises, D, exact p', cramerVonMisesExactP(0.4375, 8, 8), 0.06433566433566433],
  ['Mann-Whitney, D', mannWhitneyU(D.reference, D.current), 49],
  ['Mann-Whitney, D, exact p', mannWhitneyExactP(49, 8, 8), 0.08298368298368297],
  ['Energy distance, D', energyDistance(D.reference, D.current), 1.570230874744221],
  ['MMD², bandwidth', medianBandwidth(mmd.x, mmd.y), 2],
  ['MMD², unbiased', maximumMeanDiscrepancy(mmd.x, mmd.y, 2), 0.018668213396546562],
  ['ADWIN, threshold', adwinThreshold({ first: 50, second: 50, variance: 0.25 }), 0.6727059413931871],
  ['Page-Hinkley, first detection', pageHinkley(digits(streams.pageHinkley)), 1006],
  ['DDM, first detection', driftDetectionMethod(digits(streams.driftDetectionMethod)), 1334],
  ['KSWIN, first detection', kswinOfRiver?.index ?? Number.NaN, 1016],
  ['KSWIN, p-value of the detection', kswinOfRiver?.p ?? Number.NaN, 8.737803591291227e-5],
  ['CBPE, accuracy', metricOfScores('accuracy', expectedScores), 0.7833333333333333],
  ['CBPE, F1', metricOfScores('f1', expectedScores), 0.7796610169491526],
  ['CBPE, AUC', metricOfScores('auc', expectedScores), 0.8392658509454951],
];

describe("Python's random numbers", () => {
  it('are those of CPython 3.11', () => {
    expect(new PythonRandom(42).random()).toBe(0.6394267984578837);
    expect(new PythonRandom(7).random()).toBe(0.32383276483316237);
    expect(new PythonRandom(42).sample(70, 5)).toEqual([14, 3, 35, 31, 28]);
  });
});

describe('formulas and their conventions', () => {
  it.each(cases)('%s', (_, computed, expected) => {
    expect(Math.abs((computed ?? Number.NaN) - expected)).toBeLessThan(1e-9);
  });
});

import { describe, expect, it } from 'vitest';
import { measureMetric } from '../../drift/judge-quality.ts';
import { seededUniform } from '../../metrics/random.ts';
import { qualityPictureOf } from '../../research/picture.ts';
import { planQuality } from '../../research/quality-plan.ts';
import { drawPredictions } from '../../research/quality-populations.ts';
import { qualityTables } from '../../research/quality-report.ts';
import { type QualitySimulation, simulateQuality } from '../../research/quality-simulate.ts';

const simulation: QualitySimulation = {
  name: 'test',
  problem: 'binary',
  holdoutRows: 2000,
  days: 0,
  isTimed: false,
  earlier: 0,
  windowRows: 1000,
  windows: 10,
  rowsOf: { lost: 0, spread: 1, centre: 0 },
  alpha: 0.05,
  isLabelled: true,
};
const worse = { ...simulation.rowsOf, lost: 0.6 };

describe('simulated rows', () => {
  it('lose the share of their skill that is said', () => {
    const rowsOf = (lost: number) =>
      drawPredictions('binary', 60_000, { lost, spread: 1, centre: 0 }, seededUniform(1));
    const [before, now] = [measureMetric('auc', rowsOf(0)), measureMetric('auc', rowsOf(0.4))];
    expect(((now?.value ?? 0) - 0.5) / ((before?.value ?? 0) - 0.5)).toBeCloseTo(0.6, 1);
  });
});

describe('a simulation of quality', () => {
  it('gives the same figures again', () => {
    expect(simulateQuality(simulation)).toEqual(simulateQuality(simulation));
  });

  it.each(['binary', 'multiclass', 'regression'] as const)(
    'sees a loss and not its absence: %s',
    (problem) => {
      const alpha = 0.001;
      expect(simulateQuality({ ...simulation, problem, alpha }).degraded).toBeLessThanOrEqual(1);
      expect(simulateQuality({ ...simulation, problem, alpha, rowsOf: worse }).degraded).toBe(10);
    },
  );

  it('knows days by their times, or by the windows before', () => {
    const days = { ...simulation, days: 12, holdoutRows: 4800, windowRows: 2000, windows: 60 };
    const unaware = simulateQuality(days).significant;
    const timed = simulateQuality({ ...days, isTimed: true }).significant;
    const after = simulateQuality({ ...days, earlier: 8 }).significant;
    // Of 60 at 5 %, more than 8 has a probability of 0.003; unaware, a third is expected.
    expect(timed).toBeLessThanOrEqual(8);
    expect(after).toBeLessThanOrEqual(8);
    expect(unaware).toBeGreaterThan(8);
  });

  it('estimates without labels what these then show, and not where the hold-out is silent', () => {
    const estimated = simulateQuality({ ...simulation, isLabelled: false });
    const gone = simulateQuality({
      ...simulation,
      isLabelled: false,
      windows: 2,
      rowsOf: { ...simulation.rowsOf, centre: 4 },
    });
    expect(estimated.estimated).toBe(10);
    expect(estimated.covered).toBeGreaterThanOrEqual(7);
    expect(gone.estimated).toBe(0);
  });
});

describe('the report of quality', () => {
  const outcome = {
    windows: 100,
    significant: 5,
    degraded: 2,
    estimated: 90,
    covered: 85,
    moved: 0.01,
    error: 0.001,
    standardError: 0.02,
  };
  const results = planQuality(0.01).map((part) => ({ ...part, outcome }));

  it('covers labels of all problems, days, power and estimates', () => {
    const tables = qualityTables(results);
    expect(tables).not.toMatch(/NaN|undefined|Infinity/);
    for (const problem of ['binary, AUC', '4 classes, log loss', 'regression, RMSE'])
      expect(tables).toContain(problem);
    expect(new Set(results.map(({ part }) => part)).size).toBe(5);
  });

  it('is drawn without anything that is not a number', () => {
    const picture = qualityPictureOf(results);
    expect(picture).not.toMatch(/NaN|undefined|Infinity/);
    expect(picture.match(/<polyline/g)?.length).toBe(9);
  });
});

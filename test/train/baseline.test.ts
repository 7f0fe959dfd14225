import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { csvLine, encodeRow } from '@tidemark/domain/datasets/encoding.ts';
import { type Baseline, baselineSchema } from '@tidemark/domain/windows/baseline.schema.ts';
import type { ProblemType } from '@tidemark/statistics/metrics/metric-names.ts';
import { seededUniform } from '@tidemark/statistics/metrics/random.ts';
import { afterAll, describe, expect, it } from 'vitest';
import { makeBaseline } from '../../functions/train/baseline.ts';
import { evaluateHoldout } from '../../functions/train/evaluation.ts';
import { predictionsOf } from '../../functions/train/scored-predictions.ts';
import { preparationOf } from './train-records.ts';

const directory = mkdtempSync(join(tmpdir(), 'baseline-'));
afterAll(() => rmSync(directory, { recursive: true }));

const classes: Readonly<Record<ProblemType, readonly string[]>> = {
  binary: ['at most 15', 'above 15'],
  multiclass: ['early', 'late', 'on time'],
  regression: [],
};

const encodingOf = (problem: ProblemType): Encoding => ({
  schemaVersion: 1,
  model: 'flight-delay',
  problem,
  target: { column: 'delay', above: null, classes: [...classes[problem]] },
  features: [
    { kind: 'number', column: 'distance' },
    {
      kind: 'category',
      column: 'origin',
      values: { JFK: 0.1, SFO: 0.2 },
      other: 0.15,
      method: 'target-mean',
    },
    { kind: 'time', column: 'date', parts: ['hour', 'day-of-week'] },
  ],
  encodedColumns: ['distance', 'origin', 'date.hour', 'date.day-of-week'],
});

interface Flight {
  readonly record: Record<string, unknown>;
  readonly carrier: string | null;
  readonly truth: number;
}

/** Flights that a model can tell something of, the same each time. */
function flights(count: number, seed: number): Flight[] {
  const uniform = seededUniform(seed);
  return Array.from({ length: count }, () => {
    const distance = Math.round(uniform() * 3000);
    return {
      record: {
        distance: uniform() < 0.1 ? null : distance,
        origin: ['JFK', 'SFO', 'ATL'][Math.floor(uniform() * 3)],
        date: new Date(Date.UTC(2026, 0, 1) + Math.floor(uniform() * 60 * 24) * 3_600_000).toISOString(),
      },
      carrier: uniform() < 0.2 ? null : (['AA', 'WN'][Math.floor(uniform() * 2)] ?? null),
      truth: uniform() < distance / 3000 ? 1 : 0,
    };
  });
}

const holdout = flights(600, 1);
const training = flights(2000, 2);

/** A model of each problem that has learnt that long flights are late. */
async function baselineOf(
  problem: ProblemType,
  truths = holdout.map(({ truth }) => truth),
): Promise<Baseline | undefined> {
  const encoding = encodingOf(problem);
  const line = ({ record }: Flight) => csvLine(encodeRow(encoding, record));
  const trainPath = join(directory, 'train.csv');
  const holdoutPath = join(directory, 'holdout.csv');
  writeFileSync(trainPath, training.map((flight) => `${flight.truth},${line(flight)}\n`).join(''));
  writeFileSync(holdoutPath, holdout.map((flight) => `${line(flight)}\n`).join(''));
  const long = (flight: Flight) => 0.2 + (0.6 * Number(flight.record.distance ?? 1500)) / 3000;
  const scores = Float64Array.from(
    holdout.flatMap((flight) =>
      problem === 'multiclass' ? [0.1, long(flight), 0.9 - long(flight)] : [long(flight)],
    ),
  );
  const preparation = preparationOf({
    classes: [...classes[problem]],
    trainingLabels:
      problem === 'regression'
        ? { kind: 'numbers', mean: 0.5 }
        : { kind: 'classes', rows: classes[problem].map(() => 1000) },
    rows: { train: training.length, validation: 0, holdout: holdout.length },
  });
  preparation.definition = { ...preparation.definition, problem };
  const predictions = predictionsOf(problem, Float64Array.from(truths), scores, classes[problem].length);
  const segments = new Map([
    ['origin', rowsBy(({ record }) => String(record.origin))],
    ['carrier', rowsBy(({ carrier }) => carrier)],
  ]);
  const evaluation = evaluateHoldout(preparation, { challenger: predictions, champion: null, segments });
  const width = problem === 'multiclass' ? 3 : 1;
  const times = Float64Array.from(holdout, ({ record }) => Number(record.date));
  const judged = { preparation, encoding, evaluation, predictions, scores, width, segments, times };
  return makeBaseline({ ...judged, trainPath, holdoutPath });
}

function rowsBy(key: (flight: Flight) => string | null): Map<string | null, number[]> {
  const rows = new Map<string | null, number[]>();
  for (const [row, flight] of holdout.entries())
    rows.set(key(flight), [...(rows.get(key(flight)) ?? []), row]);
  return rows;
}

async function required(problem: ProblemType): Promise<Baseline> {
  const baseline = await baselineOf(problem);
  if (!baseline) throw new Error('There is no baseline.');
  return baseline;
}

describe('a baseline', () => {
  it.each(['binary', 'multiclass', 'regression'] as const)('of a %s model is complete', async (problem) => {
    const baseline = await required(problem);

    expect(baselineSchema.parse(baseline)).toEqual(baseline);
    expect(baseline.holdout.rows).toBe(600);
    expect(baseline.plan).toMatchObject({ runId: '0123456789', problem, columns: { length: 5 } });
    expect(baseline.quality.guess).toBeTypeOf('number');
    expect(baseline.quality.calibration?.problem).toBe(problem);
    expect(baseline.holdout.predictionCounts?.reduce((sum, rows) => sum + rows, 0) ?? 600).toBe(600);
  });

  it('describes the hold-out in monitored form', async () => {
    const { holdout: facts, plan } = await required('binary');

    const names = ['distance', 'origin', 'date.hour', 'date.day-of-week', 'prediction'];
    expect(facts.profile.columns.map(({ name }) => name)).toEqual(names);
    const [distance, origin] = facts.profile.columns;
    expect(distance?.missing).toBe(holdout.filter(({ record }) => record.distance === null).length);
    // Training knows JFK and SFO; ATL is like any other.
    expect(origin?.top?.values.map(([value]) => value).toSorted()).toEqual(['(other)', 'JFK', 'SFO']);
    expect(facts).toMatchObject({ earliest: null, latest: null, labelled: { seen: 0, kept: [] } });
    expect(plan.timeParts).toEqual([
      { name: 'date.hour', cycleDays: 1 },
      { name: 'date.day-of-week', cycleDays: 7 },
    ]);
  });

  it('has bins of the training rows, whatever the hold-out holds', async () => {
    const { plan, plannedRows } = await required('binary');

    expect(plannedRows).toBe(2000);
    const distance = plan.bins.columns.find(({ name }) => name === 'distance');
    const known = training.flatMap(({ record }) =>
      record.distance === null ? [] : [Number(record.distance)],
    );
    const edges = distance?.kind === 'edges' ? distance.edges : [];
    expect(edges.length).toBeGreaterThan(10);
    for (const edge of edges) expect(known).toContain(edge);
  });

  it('tells segments apart as windows will: by what the model reads, or else by the record', async () => {
    const { plan, holdout: facts, quality } = await required('binary');

    expect(plan.segments.map(({ column, source }) => [column, source])).toEqual([
      ['origin', 'monitored'],
      ['carrier', 'record'],
    ]);
    const rowsOf = (name: string) =>
      Object.fromEntries(
        facts.segments
          .find(({ column }) => column === name)
          ?.values.map(({ value, rows }) => [String(value), rows]) ?? [],
      );
    expect(rowsOf('carrier')).toEqual({
      AA: holdout.filter(({ carrier }) => carrier === 'AA').length,
      WN: holdout.filter(({ carrier }) => carrier === 'WN').length,
      null: holdout.filter(({ carrier }) => carrier === null).length,
    });
    expect(rowsOf('origin')['(other)']).toBe(holdout.filter(({ record }) => record.origin === 'ATL').length);
    const [ofOrigin] = quality.segments;
    expect(ofOrigin?.values.map(({ value }) => value).toSorted()).toEqual(['(other)', 'JFK', 'SFO']);
    expect(ofOrigin?.values[0]?.metrics).toHaveProperty('auc');
  });

  it('has the quality that the evaluation measured', async () => {
    const { quality } = await required('binary');

    expect(quality.metric).toBe('auc');
    expect(quality.metrics.auc?.value).toBeCloseTo(quality.value, 12);
    expect(quality.metrics.auc?.high).toBeCloseTo(
      quality.value + 1.959963984540054 * quality.standardError,
      9,
    );
    expect(quality.guess).toBe(0.5);
  });

  it('is not made where the hold-out does not allow the metric', async () => {
    expect(
      await baselineOf(
        'binary',
        holdout.map(() => 1),
      ),
    ).toBeUndefined();
  });
});

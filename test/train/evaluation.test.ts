import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { measure } from '@tidemark/statistics/metrics/measure.ts';
import { seededUniform } from '@tidemark/statistics/metrics/random.ts';
import { describe, expect, it } from 'vitest';
import { evaluationSchema } from '../../functions/train/evaluation.schema.ts';
import { evaluateHoldout } from '../../functions/train/evaluation.ts';
import type { Champion } from '../../functions/train/preparation.schema.ts';
import { predictionsOf, reorderClasses } from '../../functions/train/scored-predictions.ts';
import { maximumSegmentValues, measureSegments, minimumSegmentRows } from '../../functions/train/segments.ts';
import { binary, oracles, regression } from '../../packages/statistics/test/metrics/oracles/oracles.ts';
import { definition, finding, preparationOf } from './train-records.ts';

const [ties] = oracles.binary as [(typeof oracles.binary)[number]];
const challenger = binary(ties.labels, ties.first);
const champion = binary(ties.labels, ties.second);
const compared: Champion = { kind: 'comparable', version: 2, scoredModelName: 'm', classes: [] };

describe('an evaluation', () => {
  it('has every metric with its interval and its method, what a guess reaches, and the confusion', () => {
    const evaluation = evaluateHoldout(preparationOf(), { challenger, champion: null, segments: new Map() });

    expect(evaluationSchema.parse(evaluation)).toEqual(evaluation);
    expect(evaluation.metrics).toEqual(measure(challenger));
    expect(Object.keys(evaluation.methods)).toEqual(Object.keys(evaluation.metrics));
    expect(evaluation.guess.metrics.auc).toBe(0.5);
    expect(evaluation.guess.metrics.brier).toBeGreaterThan(evaluation.metrics.brier?.value ?? 1);
    expect(evaluation.confusion?.rows.flat().reduce((sum, rows) => sum + rows, 0)).toBe(ties.labels.length);
    expect(evaluation.headline).toMatch(/^auc 0\.\d+ \(0\.\d+ to 0\.\d+\) on 160 hold-out rows\.$/);
    expect(evaluation.comparison).toBeNull();
  });

  it('compares with the live version by the main metric, or by the one that is asked for', () => {
    const byDefault = evaluateHoldout(preparationOf({ champion: compared }), {
      challenger,
      champion,
      segments: new Map(),
    });
    const gates = { ...definition.gates, champion: { ...definition.gates.champion, metric: 'brier' } };
    const asked = evaluateHoldout(
      preparationOf({ champion: compared, definition: { ...definition, gates } }),
      {
        challenger,
        champion,
        segments: new Map(),
      },
    );

    expect(byDefault.comparison).toMatchObject({
      version: 2,
      metric: 'auc',
      metrics: { auc: { value: expect.any(Number) } },
    });
    expect(byDefault.comparison?.improvement?.value).toBeCloseTo(ties.differences.auc?.[0] ?? 0, 9);
    expect(asked.comparison?.improvement?.value).toBeCloseTo(-(ties.differences.brier?.[0] ?? 0), 9);
    expect(asked.gates.at(-1)?.message).toMatch(
      /^By brier \(less is better\), on the same 160 hold-out rows/,
    );
  });

  it('passes on what preparation found, and says which rows MAPE leaves out', () => {
    const preparation = preparationOf({
      definition: definitionSchema.parse({ name: 'flight-delay', problem: 'regression', target: 'delay' }),
      classes: [],
      trainingLabels: { kind: 'numbers', mean: 2 },
      notes: ['12 rows were left out.'],
      findings: [finding('id', 'identifier', 'note'), finding('arrival', 'leak', 'warning')],
    });

    const evaluation = evaluateHoldout(preparation, {
      challenger: regression([0, 1, 2, 3], [0.1, 1.1, 2.1, 3.2]),
      champion: null,
      segments: new Map(),
    });

    expect(evaluation.notes).toEqual([
      '12 rows were left out.',
      'About `id`.',
      '1 hold-out rows whose truth is 0 are left out of mape.',
    ]);
    expect(evaluation.warnings).toEqual(['About `arrival`.']);
    expect(evaluation.columns.map(({ column }) => column)).toEqual(['arrival', 'id']);
    expect(evaluation).toMatchObject({ confusion: null, decisionThreshold: null });
  });
});

describe('segments', () => {
  it('are measured on their own rows, most frequent first, where there are enough', () => {
    const even = ties.labels.flatMap((_, row) => (row % 3 === 0 ? [] : [row]));
    const rest = ties.labels.flatMap((_, row) => (row % 3 === 0 ? [row] : []));
    const rowsOf = new Map<string | null, number[]>([
      [null, rest],
      ['SFO', even],
    ]);

    const [segment] = measureSegments(challenger, new Map([['origin', rowsOf]]));

    const alone = binary(
      even.map((row) => ties.labels[row] ?? 0),
      even.map((row) => ties.first[row] ?? 0),
    );
    expect(even.length).toBeGreaterThan(minimumSegmentRows);
    expect(segment?.values).toEqual([
      { value: 'SFO', rows: even.length, metrics: measure(alone) },
      { value: null, rows: rest.length, metrics: null },
    ]);
    expect(segment?.omitted).toEqual({ values: 0, rows: 0 });
  });

  it('are cut to those that somebody reads', () => {
    const rowsOf = new Map(ties.labels.slice(0, 60).map((_, row) => [`value ${row}`, [row]]));

    const [segment] = measureSegments(challenger, new Map([['id', rowsOf]]));

    expect(segment?.values).toHaveLength(maximumSegmentValues);
    expect(segment?.omitted).toEqual({ values: 10, rows: 10 });
  });
});

describe('scores', () => {
  const labels = Float64Array.of(0, 1);

  it.each([
    {
      title: 'below 0',
      problem: 'binary',
      scores: [0.5, -0.1],
      message: /answered -0\.1, which is not a probability/,
    },
    { title: 'above 1', problem: 'binary', scores: [0.5, 1.5], message: /not a probability/ },
    {
      title: 'that do not add up',
      problem: 'multiclass',
      scores: [0.5, 0.4, 0.5, 0.5],
      message: /add up to 0\.9 instead of 1/,
    },
  ] as const)('$title are refused', ({ problem, scores, message }) => {
    expect(() => predictionsOf(problem, labels, Float64Array.from(scores), 2)).toThrow(message);
  });

  it('of a model with other classes are matched by name', () => {
    const scores = Float64Array.of(0.5, 0.3, 0.2, 0.1, 0.2, 0.7);

    expect([...reorderClasses(scores, ['b', 'a', 'x'], ['a', 'b', 'c'])]).toEqual([0.3, 0.5, 0, 0.2, 0.1, 0]);
  });
});

it('a hold-out of 100,000 rows is evaluated without a stack or memory that grows with it', () => {
  const uniform = seededUniform(1);
  const labels = Array.from({ length: 100_000 }, () => (uniform() < 0.2 ? 1 : 0));
  const scores = labels.map((label) => Math.fround(Math.min(1, uniform() * 0.8 + 0.1 * label)));

  const evaluation = evaluateHoldout(preparationOf({ champion: compared }), {
    challenger: binary(labels, scores),
    champion: binary(labels, scores.toReversed()),
    segments: new Map(),
  });

  expect(evaluation.gates.map(({ passed }) => passed)).toEqual([true, true]);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawBinomial, drawMultinomial, type Uniform } from '../../drift/draws.ts';
import {
  type ComparedColumn,
  type DriftPolicyInput,
  driftJudgementSchema,
  driftPolicySchema,
  newLabel,
  otherLabel,
} from '../../drift/drift.schema.ts';
import { windowSentence } from '../../drift/drift-sentences.ts';
import { judgeDrift } from '../../drift/judge-drift.ts';
import { seededUniform } from '../../metrics/random.ts';

const policy = {
  alpha: 0.0014,
  minimumDistance: 0.1,
  minimumRows: 200,
  seed: 7,
} as const satisfies DriftPolicyInput;

const side = (counts: readonly number[], missing = 0) => ({ counts: [...counts], missing });

const category = (
  name: string,
  reference: ReturnType<typeof side>,
  current: ReturnType<typeof side>,
): ComparedColumn => ({
  name,
  role: 'feature',
  presence: 'both',
  kind: 'category',
  labels: [...reference.counts.slice(2).map((_, index) => `value ${index}`), otherLabel, newLabel],
  reference,
  current,
});

const number = (
  name: string,
  reference: ReturnType<typeof side>,
  current: ReturnType<typeof side>,
): ComparedColumn => ({
  name,
  role: 'feature',
  presence: 'both',
  kind: 'number',
  edges: reference.counts.slice(1).map((_, index) => index * 10),
  reference,
  current,
});

const even = (bins: number, rows: number) => side(new Array<number>(bins).fill(rows / bins));
const still = number('still', even(10, 5000), even(10, 500));

const judgeOne = (column: ComparedColumn, changes: Partial<DriftPolicyInput> = {}) => {
  const judged = judgeDrift([column], { ...policy, ...changes });
  const [first] = judged.columns;
  if (!first) throw new Error('There is a column.');
  return { window: judged, column: first };
};

describe('a window', () => {
  it('is stable where nothing has moved', () => {
    const { window, column } = judgeOne(still);
    expect(window.verdict).toBe('stable');
    expect(window.isClear).toBe(true);
    expect(column.effect).toBe(0);
    expect(column.sentence).toMatch(
      /^still: no significant change \(adjusted p 1, where at most [\d.]+ counts\)\.$/,
    );
  });

  it('drifts where one column has moved, and says how', () => {
    const origin = category('origin', side([2000, 1500, 1480, 20]), side([150, 110, 85, 155]));
    const judged = judgeDrift([still, origin], policy);
    expect(judged.verdict).toBe('drift');
    expect(judged.sentence).toBe('1 of 2 columns drifts in 500 rows: origin.');
    expect(judged.columns[1]?.drifting).toEqual(['values']);
    expect(judged.columns[1]?.sentence).toContain(
      '31 % of the values are ones that training never had, 0.4 % before',
    );
  });

  it('has too few rows to judge below the minimum, which is not a pass', () => {
    const moved = number('moved', even(10, 5000), side([199, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    const { window, column } = judgeOne(moved);
    expect(window.verdict).toBe('insufficient-data');
    expect(window.isClear).toBe(false);
    expect(column.verdict).toBe('not-judged');
    expect(window.sentence).toContain('too few to judge: it takes 200');
  });

  it('has too few rows of reference to judge', () => {
    expect(judgeOne(number('few', even(10, 40), even(10, 500))).window.verdict).toBe('insufficient-data');
  });

  it('without columns is insufficient', () => {
    expect(judgeDrift([], policy).verdict).toBe('insufficient-data');
  });

  it('is judged the same again from what is stored', () => {
    const columns = [still, category('c', side([900, 80, 20, 0]), side([380, 90, 25, 5]))];
    const judged = judgeDrift(columns, policy);
    const stored = JSON.parse(JSON.stringify({ columns, judged }));
    expect(driftJudgementSchema.parse(stored.judged)).toEqual(judged);
    expect(judgeDrift(stored.columns, stored.judged.policy)).toEqual(judged);
  });

  it('is judged the same in whatever order its columns come', () => {
    const columns = [
      still,
      category('c', side([900, 80, 20, 0]), side([380, 90, 25, 5])),
      { ...still, name: 'b' },
    ];
    const forwards = judgeDrift(columns, policy);
    const backwards = judgeDrift(columns.toReversed(), policy);
    expect(backwards.columns.toReversed()).toEqual(forwards.columns);
  });
});

describe('a column', () => {
  it('does not drift on a trifle, however many rows say so', () => {
    const trifle = number(
      'trifle',
      even(10, 1_000_000),
      side([101_500, 101_000, 100_500, 100_000, 100_000, 100_000, 100_000, 99_500, 99_000, 98_500]),
    );
    const { window, column } = judgeOne(trifle);
    expect(column.tests.every(({ what, significant }) => what === 'missing' || significant)).toBe(true);
    expect(window.verdict).toBe('stable');
    expect(window.isClear).toBe(true);
    expect(column.sentence).toContain('less than matters');
  });

  it('drifts when its values go missing', () => {
    const { column } = judgeOne(
      number('speed', side(even(10, 5000).counts, 50), side(even(10, 400).counts, 100)),
    );
    expect(column.drifting).toEqual(['missing']);
    expect(column.sentence).toContain('20 % of the rows have no value, 1.0 % before');
  });

  it('drifts when a constant is no longer one', () => {
    const constant = { ...number('unit', side([0, 5000, 0]), side([0, 400, 100])), constant: 7 };
    const { column } = judgeOne(constant);
    expect(column.verdict).toBe('drift');
    expect(column.sentence).toContain('was always 7 before');
  });

  it('that never varies costs no test and no alarm', () => {
    const { window, column } = judgeOne(number('unit', side([0, 5000, 0]), side([0, 500, 0])));
    expect(window.tests).toBe(0);
    expect(column.verdict).toBe('stable');
    expect(column.sentence).toBe('unit: never varies, now as before.');
  });

  it('that is absent from the window drifts without a test', () => {
    const absent: ComparedColumn = {
      ...still,
      name: 'gone',
      presence: 'absent-in-window',
      current: side(new Array<number>(10).fill(0)),
    };
    const judged = judgeDrift([still, absent], policy);
    expect(judged.verdict).toBe('drift');
    expect(judged.columns[1]?.drifting).toEqual(['presence']);
    expect(judged.columns[1]?.tests).toEqual([]);
    expect(judged.columns[1]?.sentence).toBe('gone: no prediction of the window has this column.');
  });

  it('that the reference does not know is not judged and not held against the window', () => {
    const unknown: ComparedColumn = {
      ...still,
      name: 'extra',
      presence: 'unknown-to-reference',
      reference: side(new Array<number>(10).fill(0)),
    };
    const judged = judgeDrift([still, unknown], policy);
    expect(judged.verdict).toBe('stable');
    expect(judged.isClear).toBe(true);
    expect(judged.columns[1]?.verdict).toBe('not-judged');
  });

  it('is not clear while it is close to the minimum distance', () => {
    const between = category('between', side([50_000, 50_000, 0, 0]), side([60_000, 40_000, 0, 0]));
    const { column } = judgeOne(between, { minimumDistance: 1 });
    const lingering = judgeOne(between, { minimumDistance: column.effect / 0.9 });
    const clear = judgeOne(between, { minimumDistance: column.effect / 0.7 });
    expect(lingering.window.verdict).toBe('stable');
    expect(lingering.window.isClear).toBe(false);
    expect(clear.window.isClear).toBe(true);
  });

  it('says which side its values moved to', () => {
    const up = number('delay', even(5, 5000), side([20, 40, 100, 140, 200]));
    const down = number('delay', even(5, 5000), side([200, 140, 100, 40, 20]));
    expect(judgeOne(up).column.sentence).toContain(
      'a value lies above one of the reference with a probability of 68 %',
    );
    expect(judgeOne(down).column.shareAbove).toBeCloseTo(1 - (judgeOne(up).column.shareAbove ?? 0), 12);
    const ofLocation = (column: ReturnType<typeof judgeOne>['column']) =>
      column.tests.find(({ what }) => what === 'location')?.statistic.value ?? 0;
    expect(ofLocation(judgeOne(up).column)).toBeGreaterThan(0);
    expect(ofLocation(judgeOne(down).column)).toBeLessThan(0);
  });

  it('never has a p-value of 0, however far it has moved', () => {
    const { column } = judgeOne(category('all new', side([1_000_000, 0, 0, 0]), side([0, 0, 0, 1_000_000])));
    expect(column.tests.every(({ p }) => p > 0)).toBe(true);
    expect(column.effect).toBeCloseTo(1, 6);
  });

  it('has a p-value that falls as it moves on', () => {
    const moved = (rows: number) =>
      judgeOne(number('x', even(10, 5000), side([50 - rows, 50, 50, 50, 50, 50, 50, 50, 50, 50 + rows])))
        .column;
    const ps = [0, 10, 20, 30, 40, 50].map((rows) => Math.min(...moved(rows).tests.map(({ p }) => p)));
    expect(ps).toEqual(ps.toSorted((a, b) => b - a));
  });
});

describe('any column', () => {
  const counts = (bins: number) => fc.array(fc.nat({ max: 300 }), { minLength: bins, maxLength: bins });
  const columns = fc
    .integer({ min: 3, max: 8 })
    .chain((bins) => fc.tuple(counts(bins), counts(bins), fc.nat({ max: 50 }), fc.nat({ max: 50 })))
    .map(([reference, current, before, now]) => [
      number('n', side(reference, before), side(current, now)),
      category('c', side(reference, before), side(current, now)),
    ]);

  it('is judged by probabilities, and by a judgement that can be stored', () => {
    fc.assert(
      fc.property(columns, fc.nat(), (compared, seed) => {
        const judged = judgeDrift(compared, { ...policy, seed, minimumRows: 1 });
        expect(driftJudgementSchema.parse(JSON.parse(JSON.stringify(judged)))).toEqual(judged);
        for (const { p, adjustedP } of judged.columns.flatMap(({ tests }) => tests)) {
          expect(p).toBeGreaterThan(0);
          expect(adjustedP).toBeGreaterThanOrEqual(p);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is as far when the sides are swapped', () => {
    fc.assert(
      fc.property(columns, (compared) => {
        const swapped = compared.map((column) => ({
          ...column,
          reference: column.current,
          current: column.reference,
        }));
        const [there, back] = [compared, swapped].map((each) =>
          judgeDrift(each, { ...policy, minimumRows: 1 }),
        );
        there?.columns.forEach((column, index) => {
          expect(back?.columns[index]?.effect).toBeCloseTo(column.effect, 9);
        });
      }),
      { numRuns: 60 },
    );
  });
});

describe('without any change', () => {
  const weights = {
    even: new Float64Array(12).fill(1),
    falling: Float64Array.from({ length: 40 }, (_, rank) => 1 / (rank + 1)),
    tied: Float64Array.of(90, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
  };
  const windows = 300;
  const alpha = 0.05;

  const draw = (shares: Float64Array, rows: number, uniform: Uniform) => {
    const missing = drawBinomial(rows, 0.04, uniform);
    const counts = new Float64Array(shares.length);
    drawMultinomial(rows - missing, shares, uniform, counts);
    return side(Array.from(counts), missing);
  };

  // More than 28 of 300 at a level of 0.05 has a probability below 0.001.
  it.each([
    { rows: 50, reference: 2000 },
    { rows: 400, reference: 400 },
    { rows: 20_000, reference: 1000 },
  ])('$rows rows against $reference are significant no more often than alpha', ({ rows, reference }) => {
    const uniform = seededUniform(rows);
    let alarms = 0;
    for (let window = 0; window < windows; window += 1) {
      const columns = [
        number('even', draw(weights.even, reference, uniform), draw(weights.even, rows, uniform)),
        category('falling', draw(weights.falling, reference, uniform), draw(weights.falling, rows, uniform)),
        number('tied', draw(weights.tied, reference, uniform), draw(weights.tied, rows, uniform)),
      ];
      const judged = judgeDrift(columns, { alpha, minimumDistance: 0, minimumRows: 1, seed: window });
      if (judged.verdict === 'drift') alarms += 1;
    }
    expect(alarms).toBeLessThanOrEqual(28);
    expect(alarms).toBeGreaterThan(2);
  });
});

describe('a window that cannot be judged', () => {
  const sentence = (current: number, reference: number) =>
    windowSentence({
      version: 1,
      verdict: 'insufficient-data',
      isClear: false,
      policy: driftPolicySchema.parse(policy),
      rows: { current, reference },
      tests: 0,
      columns: [],
    });

  it('says that it has too few rows, if that is what it lacks', () => {
    expect(sentence(1, 5000)).toBe(
      'The window has 1 row, too few to judge: it takes 200 (`monitoring.minimumRows`).',
    );
  });

  it('says that what it is compared with is too small, if it has enough rows itself', () => {
    expect(sentence(5000, 30)).toBe(
      'What the window is compared with has 30 rows, too few to judge any window by: it takes 50. If it is the hold-out, train with more data or a larger `split.holdout`.',
    );
  });

  it('says both, if both are so', () => {
    expect(sentence(10, 30)).toMatch(/^The window has 10 rows.*What the window is compared with has 30 rows/);
  });
});

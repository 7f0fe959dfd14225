import { gatesSchema } from '@tidemark/domain/definition/definition.schema.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyGates, type GateFacts } from '../../functions/train/apply-gates.ts';

const improvement = (value: number, atLeast: number) => ({ value, atLeast, standardError: 0.01 });
const compared = (value: number, atLeast: number): GateFacts['champion'] => ({
  kind: 'compared',
  version: 3,
  metric: 'auc',
  improvement: improvement(value, atLeast),
});

function facts(more: Partial<Omit<GateFacts, 'gates'>> = {}, gates: unknown = {}): GateFacts {
  return {
    problem: 'binary',
    gates: gatesSchema.parse(gates),
    metrics: { auc: { value: 0.713, low: 0.7011, high: 0.7249 } },
    rows: 1500,
    overGuess: improvement(0.213, 0.201),
    champion: { kind: 'none' },
    unreadTexts: [],
    ...more,
  };
}

describe('a model', () => {
  it('that beats a guess passes, and the verdict has the numbers', () => {
    expect(applyGates(facts())).toEqual([
      {
        gate: 'beats-a-guess',
        passed: true,
        message:
          'By auc (more is better), on the 1,500 hold-out rows, the model is 0.213 better than a guess that knows only the training labels: the 95 % interval is 0.201 to 0.225 better. It passes if the whole interval is better.',
      },
    ]);
  });

  it.each([
    { title: 'is not sure to beat a guess', overGuess: improvement(0.02, 0) },
    { title: 'is worse than a guess', overGuess: improvement(-0.1, -0.12) },
    { title: 'cannot be compared with a guess', overGuess: undefined },
  ])('that $title fails', ({ overGuess }) => {
    expect(applyGates(facts({ overGuess }))).toMatchObject([{ gate: 'beats-a-guess', passed: false }]);
  });

  it.each([
    {
      limit: { auc: { atLeast: 0.713 } },
      passed: true,
      message: 'auc is 0.713 (0.7011 to 0.7249); it must be at least 0.713.',
    },
    {
      limit: { auc: { atLeast: 0.72 } },
      passed: false,
      message: 'auc is 0.713 (0.7011 to 0.7249); it must be at least 0.72.',
    },
    {
      limit: { auc: { atMost: 0.713 } },
      passed: true,
      message: 'auc is 0.713 (0.7011 to 0.7249); it must be at most 0.713.',
    },
    {
      limit: { f1: { atLeast: 0.1 } },
      passed: false,
      message: 'f1 is undefined on the 1,500 hold-out rows; it must be at least 0.1.',
    },
  ])('is held to $limit', ({ limit, passed, message }) => {
    const [, verdict] = applyGates(facts({}, { absolute: limit }));

    expect(verdict).toEqual({ gate: Object.keys(limit)[0], passed, message });
  });
});

describe('a challenger', () => {
  it.each([
    { title: 'surely better', champion: compared(0.02, 0.001), notWorse: true, better: true },
    { title: 'equal', champion: compared(0, 0), notWorse: true, better: false },
    { title: 'worse by the margin at most', champion: compared(0, -0.005), notWorse: true, better: false },
    {
      title: 'possibly worse by more than the margin',
      champion: compared(0.001, -0.0051),
      notWorse: false,
      better: false,
    },
    { title: 'worse', champion: compared(-0.1, -0.11), notWorse: false, better: false },
  ])('that is $title: not worse $notWorse, better $better', ({ champion, notWorse, better }) => {
    expect(applyGates(facts({ champion })).at(1)?.passed).toBe(notWorse);
    expect(applyGates(facts({ champion }, { champion: { rule: 'better' } })).at(1)?.passed).toBe(better);
  });

  const passes = {
    notWorse: 'It passes if nothing in the interval is more than 0.005 worse.',
    better: 'It passes if the whole interval is better.',
  };
  it.each([
    {
      title: 'better',
      champion: compared(0.02, 0.001),
      says: 'is 0.02 better than version 3: the 90 % interval is 0.001 to 0.039 better.',
    },
    {
      title: 'measured as better, and may be worse',
      champion: compared(0.0036, -0.1933),
      says: 'is 0.0036 better than version 3, but these rows do not tell which of the two is better: the 90 % interval is 0.1933 worse to 0.2005 better.',
    },
    {
      title: 'measured as worse, and may be better',
      champion: compared(-0.0036, -0.1933),
      says: 'is 0.0036 worse than version 3, but these rows do not tell which of the two is better: the 90 % interval is 0.1933 worse to 0.1861 better.',
    },
    {
      title: 'worse',
      champion: compared(-0.0123456, -0.02),
      says: 'is 0.01235 worse than version 3: the 90 % interval is 0.004691 to 0.02 worse.',
    },
    {
      title: 'the same in every row',
      champion: compared(0, 0),
      says: 'is as good as version 3. That is without an interval: what was measured decides.',
    },
  ])('that is $title is told by how much, with the interval, and what passes', ({ champion, says }) => {
    const start = 'By auc (more is better), on the same 1,500 hold-out rows, the model ';
    const rule = { champion: { rule: 'better' } };

    expect(applyGates(facts({ champion })).at(1)?.message).toBe(`${start}${says} ${passes.notWorse}`);
    expect(applyGates(facts({ champion }, rule)).at(1)?.message).toBe(`${start}${says} ${passes.better}`);
  });

  it('is told of a metric of which less is better that it is so, and better as better', () => {
    const champion = { ...compared(3, 1), metric: 'rmse' };

    const [, verdict] = applyGates(facts({ problem: 'regression', champion }));

    expect(verdict).toMatchObject({
      passed: true,
      message: expect.stringMatching(
        /^By rmse \(less is better\), .* is 3 better than version 3: the 90 % interval is 1 to 5 better\./,
      ),
    });
  });

  it('passes exactly if what its sentence asks of the interval is so', () => {
    const number = fc.double({ min: -0.05, max: 0.05, noNaN: true });
    fc.assert(
      fc.property(number, fc.double({ min: 1e-6, max: 0.05, noNaN: true }), (value, reach) => {
        const champion = compared(value, value - reach);
        const [, notWorse] = applyGates(facts({ champion }));
        const [, better] = applyGates(facts({ champion }, { champion: { rule: 'better' } }));
        const [, low = '', side] =
          /interval is (\S+) (?:to \S+ )?(better|worse)/.exec(better?.message ?? '') ?? [];
        const worst = /interval is \S+ to (\S+) worse/.exec(better?.message ?? '')?.[1] ?? low;

        expect(better?.passed).toBe(side === 'better' && value - reach > 0);
        // As far as four digits tell.
        fc.pre(Math.abs(value - reach + 0.005) > 1e-4);
        expect(notWorse?.passed).toBe(side === 'better' || Number(worst) <= 0.005);
      }),
    );
  });

  it('fails by a metric that has no paired test, and is told what to do', () => {
    const champion = {
      kind: 'compared',
      version: 3,
      metric: 'calibrationError',
      improvement: undefined,
    } as const;

    expect(applyGates(facts({ champion })).at(1)).toMatchObject({
      passed: false,
      message: expect.stringMatching(/Name another metric in gates\.champion\.metric\./),
    });
  });

  it('passes where nothing can be compared, with the reason', () => {
    const champion = {
      kind: 'incomparable',
      version: 3,
      reason: 'Version 3 predicts something else.',
    } as const;

    expect(applyGates(facts({ champion })).at(1)).toMatchObject({
      passed: true,
      message: 'Not compared with the live version: Version 3 predicts something else.',
    });
  });
});

describe('words that the model does not read', () => {
  const text = (low: number) => ({ column: 'body', metric: 'auc', value: 0.98, low, high: 0.99, rows: 75 });

  it('and that surely tell more than the model hold it back, with the remedy', () => {
    const verdicts = applyGates(facts({ unreadTexts: [text(0.96)] }));

    expect(verdicts).toMatchObject([
      { gate: 'beats-a-guess', passed: true },
      {
        gate: 'text-not-read',
        passed: false,
        message: expect.stringMatching(
          /words of `body` alone reach auc 0\.98 \(0\.96 to 0\.99\) .* `features\.exclude: \[body\]`/,
        ),
      },
    ]);
  });

  it('and that may tell no more than the model do not', () => {
    expect(applyGates(facts({ unreadTexts: [text(0.7)] })).at(-1)).toMatchObject({
      gate: 'text-not-read',
      passed: true,
    });
  });

  it.each([
    {
      title: 'the owner says how good is good enough',
      gates: { absolute: { auc: { atLeast: 0.7 } } },
      champion: undefined,
    },
    { title: 'the live version is no better', gates: {}, champion: compared(0.01, 0.001) },
  ])('do not where $title', ({ gates, champion }) => {
    const verdicts = applyGates(facts({ unreadTexts: [text(0.96)], ...(champion && { champion }) }, gates));

    expect(verdicts.map(({ gate }) => gate)).not.toContain('text-not-read');
    expect(verdicts.every(({ passed }) => passed)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { gatesSchema } from '../../functions/definition/definition.schema.ts';
import { type GateFacts, judge } from '../../functions/train/gates.ts';

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
    ...more,
  };
}

describe('a model', () => {
  it('that beats a guess passes, and the verdict has the numbers', () => {
    expect(judge(facts())).toEqual([
      {
        gate: 'beats-a-guess',
        passed: true,
        message:
          'By auc the model is 0.213 better (97.5 % sure: by at least 0.201) than a guess that knows only the training labels; more than 0 is needed.',
      },
    ]);
  });

  it.each([
    { title: 'is not sure to beat a guess', overGuess: improvement(0.02, 0) },
    { title: 'is worse than a guess', overGuess: improvement(-0.1, -0.12) },
    { title: 'cannot be compared with a guess', overGuess: undefined },
  ])('that $title fails', ({ overGuess }) => {
    expect(judge(facts({ overGuess }))).toMatchObject([{ gate: 'beats-a-guess', passed: false }]);
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
      message: 'f1 is undefined on the 1500 hold-out rows; it must be at least 0.1.',
    },
  ])('is held to $limit', ({ limit, passed, message }) => {
    const [, verdict] = judge(facts({}, { absolute: limit }));

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
    expect(judge(facts({ champion })).at(1)?.passed).toBe(notWorse);
    expect(judge(facts({ champion }, { champion: { rule: 'better' } })).at(1)?.passed).toBe(better);
  });

  it('is told by how much, how sure, and what was needed', () => {
    const [, verdict] = judge(facts({ champion: compared(-0.0123456, -0.02) }));

    expect(verdict?.message).toBe(
      'By auc on the same 1500 rows the model is 0.01235 worse (95 % sure: by at least -0.02) than version 3; -0.005 or more is needed.',
    );
  });

  it('fails by a metric that has no paired test, and is told what to do', () => {
    const champion = {
      kind: 'compared',
      version: 3,
      metric: 'calibrationError',
      improvement: undefined,
    } as const;

    expect(judge(facts({ champion })).at(1)).toMatchObject({
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

    expect(judge(facts({ champion })).at(1)).toMatchObject({
      passed: true,
      message: 'Not compared with the live version: Version 3 predicts something else.',
    });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type PeriodState,
  type VerdictOptions,
  verdictOf,
} from '../../../services/cloudwatch/alarm-evaluation.ts';

const states: Readonly<Record<string, PeriodState>> = {
  '0': 'not breaching',
  X: 'breaching',
  '-': 'missing',
};
const periodsOf = (text: string) => text.split(' ').map((letter) => states[letter] ?? 'missing');
const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;

/** CloudWatch's documented examples: periods from the oldest on, and the state by treatment of missing data. */
const documented = [
  ['3 of 3', 3, '0 - X - X', ['OK', 'OK', 'OK', 'OK']],
  ['3 of 3', 3, '- - - - 0', ['OK', 'OK', 'OK', 'OK']],
  ['3 of 3', 3, '0 - - - -', ['OK', 'OK', 'OK', 'OK']],
  ['3 of 3', 3, '- - - - -', ['INSUFFICIENT_DATA', 'retain', 'ALARM', 'OK']],
  ['3 of 3', 3, '0 X X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  ['3 of 3', 3, '- - X - -', ['ALARM', 'retain', 'ALARM', 'OK']],
  ['3 of 3', 3, 'X - - - -', ['ALARM', 'retain', 'ALARM', 'OK']],
  ['3 of 3', 3, '- - - - X', ['INSUFFICIENT_DATA', 'retain', 'ALARM', 'OK']],
  ['2 of 3', 2, '0 - X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  ['2 of 3', 2, '0 0 X 0 X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  ['2 of 3', 2, '0 - X - -', ['OK', 'OK', 'ALARM', 'OK']],
  ['2 of 3', 2, '- - - - 0', ['OK', 'OK', 'ALARM', 'OK']],
  ['2 of 3', 2, '- - - X -', ['ALARM', 'retain', 'ALARM', 'OK']],
  ['2 of 3', 2, '- - - - X', ['INSUFFICIENT_DATA', 'retain', 'ALARM', 'OK']],
] as const;

describe('CloudWatch’s documented examples', () => {
  it.each(
    documented.flatMap(([title, datapointsToAlarm, periods, verdicts]) =>
      treatments.map((treatMissingData, index) => ({
        title,
        datapointsToAlarm,
        periods,
        treatMissingData,
        verdict: verdicts[index],
      })),
    ),
  )('$title: $periods with $treatMissingData is $verdict', ({ periods, verdict, ...options }) => {
    expect(verdictOf(periodsOf(periods), { evaluationPeriods: 3, ...options })).toBe(verdict);
  });
});

describe('a verdict', () => {
  const anyPeriods = fc.array(fc.constantFrom<PeriodState>('breaching', 'not breaching', 'missing'), {
    minLength: 3,
    maxLength: 5,
  });
  const anyOptions = fc.record<VerdictOptions>({
    evaluationPeriods: fc.constant(3),
    datapointsToAlarm: fc.integer({ min: 1, max: 3 }),
    treatMissingData: fc.constantFrom(...treatments),
  });

  it('does not depend on the treatment of missing data when there are enough data', () => {
    fc.assert(
      fc.property(anyPeriods, anyOptions, (periods, options) => {
        fc.pre(periods.filter((period) => period !== 'missing').length >= 3);
        const verdicts = treatments.map((treatMissingData) =>
          verdictOf(periods, { ...options, treatMissingData }),
        );
        expect(new Set(verdicts).size).toBe(1);
      }),
    );
  });

  it('is never further from an alarm for one period more that breaches', () => {
    const rank = { OK: 0, INSUFFICIENT_DATA: 1, retain: 1, ALARM: 2 };
    fc.assert(
      fc.property(anyPeriods, anyOptions, fc.nat(), (periods, options, at) => {
        const worse = periods.with(at % periods.length, 'breaching');
        fc.pre(periods[at % periods.length] === 'not breaching');
        expect(rank[verdictOf(worse, options)]).toBeGreaterThanOrEqual(rank[verdictOf(periods, options)]);
      }),
    );
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { alarmConfigurationSchema } from '../../../services/cloudwatch/alarm.schema.ts';
import type { Datapoint } from '../../../services/cloudwatch/datapoints.ts';
import {
  evaluatedPeriods,
  evaluationAfter,
  metricAlarmOf,
  nextChange,
} from '../../../services/cloudwatch/evaluation-range.ts';

const minute = 60_000;
const datapoint = (at: number): Datapoint => ({
  at,
  unit: 'None',
  sampleCount: 1,
  sum: at,
  minimum: at,
  maximum: at,
  values: [],
});
const alarmOf = (Period: number, EvaluationPeriods: number) => {
  const alarm = metricAlarmOf(
    alarmConfigurationSchema.parse({
      AlarmName: 'a',
      Namespace: 'N',
      MetricName: 'M',
      Statistic: 'Sum',
      Period,
      EvaluationPeriods,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
    }),
  );
  if (!alarm) throw new Error('not on a metric');
  return alarm;
};

it.each([
  { period: 10, periods: 1, step: 10 },
  { period: 300, periods: 3, step: 60 },
  { period: 3600, periods: 24, step: 60 },
  { period: 86_400, periods: 3, step: 3600 },
])('$periods periods of $period s are evaluated every $step s', ({ period, periods, step }) => {
  const alarm = alarmOf(period, periods);

  expect(evaluationAfter(alarm, 0)).toBe(step * 1000);
  expect(evaluationAfter(alarm, step * 1000)).toBe(2 * step * 1000);
});

it('a period takes what is at its start and not what is at its end', () => {
  const alarm = alarmOf(60, 1);
  const values = (at: number) =>
    evaluatedPeriods(alarm, [datapoint(10 * minute)], at).map(({ value }) => value !== undefined);

  expect(values(10 * minute)).toEqual([false, false, false]);
  expect(values(11 * minute)).toEqual([false, false, true]);
  expect(values(12 * minute)).toEqual([false, true, false]);
});

it('evaluations that are left out would have come to the same', () => {
  const anyDatapoints = fc.array(fc.integer({ min: 0, max: 30 * minute }), { maxLength: 6 });
  fc.assert(
    fc.property(
      anyDatapoints,
      fc.constantFrom(60, 120, 300),
      fc.integer({ min: 1, max: 3 }),
      (times, period, periods) => {
        const alarm = alarmOf(period, periods);
        const datapoints = times.map(datapoint);
        const values = (at: number) => evaluatedPeriods(alarm, datapoints, at).map(({ value }) => value);
        let next = nextChange(alarm, datapoints, 0);
        for (let at = minute; at < 70 * minute; at += minute) {
          if (at === next) next = nextChange(alarm, datapoints, at);
          else expect(values(at)).toEqual(values(at - minute));
        }
      },
    ),
  );
});

import type { Alarm } from './alarm.schema.ts';
import { eventTimestamp } from './alarm-event.ts';
import type { EvaluatedPeriod, MetricAlarm } from './evaluation-range.ts';
import { breaches } from './threshold.ts';

type StateValue = Alarm['state']['value'];

const operators = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
} as const;

/** Why an alarm has the state that it has, in sentences like CloudWatch's own. */
export function alarmReason(
  { configuration }: MetricAlarm,
  periods: readonly EvaluatedPeriod[],
  from: StateValue,
  to: StateValue,
): string {
  const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods, Threshold } = configuration;
  const recent = periods.filter(({ value }) => value !== undefined).slice(-EvaluationPeriods);
  const missing = EvaluationPeriods - recent.length;
  if (to === 'INSUFFICIENT_DATA') {
    return `Insufficient Data: ${missing} ${missing === 1 ? 'datapoint was' : 'datapoints were'} unknown.`;
  }
  if (recent.length === 0) {
    const treated = to === 'ALARM' ? 'Breaching' : 'NonBreaching';
    return `Threshold Crossed: no datapoints were received for ${missing} period${missing === 1 ? '' : 's'} and ${missing} missing datapoint${missing === 1 ? ' was' : 's were'} treated as [${treated}].`;
  }
  const telling = recent.filter(
    ({ value }) => value !== undefined && breaches(configuration, value) === (to === 'ALARM'),
  );
  const values = telling.map(({ value, start }) => `${value} (${day(start)})`).reverse();
  const not = to === 'OK' ? 'not ' : '';
  const were = telling.length === 1 ? 'was' : 'were';
  const needed = `(minimum ${DatapointsToAlarm} datapoint${DatapointsToAlarm === 1 ? '' : 's'} for ${to === 'ALARM' ? `${from} -> ALARM` : 'ALARM -> OK'} transition)`;
  return `Threshold Crossed: ${telling.length} out of the last ${EvaluationPeriods} datapoints [${values.join(', ')}] ${were} ${not}${operators[configuration.ComparisonOperator]} the threshold (${Threshold}) ${needed}.`;
}

/** What the state rests on, as the JSON text that CloudWatch puts into events and descriptions. */
export function alarmReasonData(
  { configuration, periodMilliseconds, statistic }: MetricAlarm,
  periods: readonly EvaluatedPeriod[],
  at: number,
): string {
  const known = periods.filter(({ value }) => value !== undefined).slice(-configuration.EvaluationPeriods);
  return JSON.stringify({
    version: '1.0',
    queryDate: eventTimestamp(at),
    ...(known[0] && { startDate: eventTimestamp(known[0].start) }),
    ...(configuration.Unit !== undefined && { unit: configuration.Unit }),
    statistic,
    period: periodMilliseconds / 1000,
    recentDatapoints: known.map(({ value }) => value),
    threshold: configuration.Threshold,
    evaluatedDatapoints: known.toReversed().map(({ start, sampleCount, value }) => ({
      timestamp: eventTimestamp(start),
      sampleCount,
      value,
    })),
  });
}

/** As CloudWatch writes it in reasons: `01/03/26 14:00:00`. */
function day(milliseconds: number): string {
  const [date = '', time = ''] = new Date(milliseconds).toISOString().slice(0, 19).split('T');
  const [year = '', month, dayOfMonth] = date.split('-');
  return `${dayOfMonth}/${month}/${year.slice(2)} ${time}`;
}

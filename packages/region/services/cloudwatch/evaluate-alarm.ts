import type { AlarmState } from './alarm.schema.ts';
import { type PeriodState, verdictOf } from './alarm-evaluation.ts';
import { alarmReason, alarmReasonData } from './alarm-reason.ts';
import type { Datapoint } from './datapoints.ts';
import { evaluatedPeriods, type MetricAlarm } from './evaluation-range.ts';
import { breaches } from './threshold.ts';

/**
 * The state that an evaluation gives an alarm; `undefined` when it stays as it is.
 * @param at the moment of the evaluation, in milliseconds since the epoch
 */
export function evaluateAlarm(
  alarm: MetricAlarm,
  current: AlarmState,
  datapoints: readonly Datapoint[],
  at: number,
): AlarmState | undefined {
  const { configuration } = alarm;
  const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods, Namespace } = configuration;
  const periods = evaluatedPeriods(alarm, datapoints, at);
  const verdict = verdictOf(
    periods.map(({ value }) => periodState(alarm, value)),
    {
      evaluationPeriods: EvaluationPeriods,
      datapointsToAlarm: DatapointsToAlarm,
      // CloudWatch's own rule for these metrics.
      treatMissingData: Namespace === 'AWS/DynamoDB' ? 'ignore' : configuration.TreatMissingData,
    },
  );
  if (verdict === 'retain' || verdict === current.value) return undefined;
  return {
    value: verdict,
    reason: alarmReason(alarm, periods, current.value, verdict),
    reasonData: alarmReasonData(alarm, periods, at),
    updatedAt: at,
    transitionedAt: at,
  };
}

function periodState({ configuration }: MetricAlarm, value: number | undefined): PeriodState {
  if (value === undefined) return 'missing';
  return breaches(configuration, value) ? 'breaching' : 'not breaching';
}

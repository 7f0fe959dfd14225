/** What an evaluation says of an alarm; `retain` keeps whatever state it has. */
export type AlarmEvaluation = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | 'retain';

/** What is known of a period. */
export type PeriodState = 'breaching' | 'not breaching' | 'missing';

export interface VerdictOptions {
  /** N: the number of periods that are judged. */
  readonly evaluationPeriods: number;
  /** M: how many of them must breach. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: 'missing' | 'ignore' | 'breaching' | 'notBreaching';
}

/**
 * Judges the periods of the evaluation range, oldest first, as CloudWatch documents it (User Guide, "Configuring how CloudWatch alarms treat
 * missing data"): of periods with data the latest N count, and missing ones are filled in only as far as there are too few of those. An alarm
 * whose only data breach goes off once the oldest of them is M periods old, so that one early datapoint alone does not set it off.
 */
export function verdictOf(
  periods: readonly PeriodState[],
  { evaluationPeriods, datapointsToAlarm, treatMissingData }: VerdictOptions,
): AlarmEvaluation {
  const existing = periods.filter((period) => period !== 'missing');
  const recent = existing.slice(-evaluationPeriods);
  const breaching = recent.filter((period) => period === 'breaching').length;
  const missing = evaluationPeriods - recent.length;
  const filled = treatMissingData === 'breaching' ? breaching + missing : breaching;
  if (filled >= datapointsToAlarm) return 'ALARM';
  if (missing === 0 || treatMissingData === 'breaching' || treatMissingData === 'notBreaching') return 'OK';
  if (breaching < recent.length) return 'OK';
  if (treatMissingData === 'ignore') return 'retain';
  const ageOfOldest = periods.length - periods.indexOf('breaching');
  return recent.length > 0 && ageOfOldest >= datapointsToAlarm ? 'ALARM' : 'INSUFFICIENT_DATA';
}

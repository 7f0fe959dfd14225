import type { AlarmConfiguration } from './alarm.schema.ts';

/** Whether a value is on the wrong side of an alarm's threshold. */
export function breaches(
  { ComparisonOperator, Threshold }: Pick<AlarmConfiguration, 'ComparisonOperator' | 'Threshold'>,
  value: number,
): boolean {
  return {
    GreaterThanOrEqualToThreshold: value >= Threshold,
    GreaterThanThreshold: value > Threshold,
    LessThanThreshold: value < Threshold,
    LessThanOrEqualToThreshold: value <= Threshold,
  }[ComparisonOperator];
}

import type { Monitoring } from '../../../domain/definition/monitoring.schema.ts';

const daysPerYear = 365.25;
const windowsPerYear: Record<Monitoring['every'], number> = { hour: 24 * daysPerYear, day: daysPerYear };

/** What a window may cost of the year's false alarms, by what is judged. */
export interface AlphaPerWindow {
  readonly drift: number;
  readonly quality: number;
}

/**
 * Probability with which a window without drift may be called drift, and one without loss of quality degraded.
 *
 * Every window spends the same: expectations add up whatever windows have in common, so a year of windows without change is
 * expected to hold at most `falseAlarmsPerYear` false ones. Half goes to drift and half to quality, as both are judged in
 * each window. (The alarm, which asks for M of N windows, is rarer still.)
 */
export function alphaPerWindow({
  falseAlarmsPerYear,
  every,
}: Pick<Monitoring, 'falseAlarmsPerYear' | 'every'>): AlphaPerWindow {
  const each = falseAlarmsPerYear / windowsPerYear[every] / 2;
  return { drift: each, quality: each };
}

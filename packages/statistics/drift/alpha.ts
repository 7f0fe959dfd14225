/** What a window may cost of the year's false alarms, by what is judged. */
export interface AlphaPerWindow {
  readonly drift: number;
  readonly quality: number;
}

export interface AlarmBudget {
  /** Expected number a year while nothing changes, drift and quality together. */
  readonly falseAlarmsPerYear: number;
  readonly windowsPerYear: number;
}

/**
 * Probability with which a window without drift may be called drift, and one without loss of quality degraded.
 *
 * Every window spends the same: expectations add up whatever windows have in common, so a year of windows without change is
 * expected to hold at most `falseAlarmsPerYear` false ones. Half goes to drift and half to quality, because both are judged in
 * each window. (The alarm, which asks for M of N windows, is rarer still.)
 */
export function alphaPerWindow({ falseAlarmsPerYear, windowsPerYear }: AlarmBudget): AlphaPerWindow {
  const each = falseAlarmsPerYear / windowsPerYear / 2;
  return { drift: each, quality: each };
}

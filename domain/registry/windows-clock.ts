import type { MonitorRecord } from './records.schema.ts';

/** Two clocks that are one in AWS; on a laptop the second runs ahead, as virtual time does (docs/adr/0012). */
export interface Clocks {
  /** Of executions, leases and work. */
  readonly wall: Date;
  /** Of schedules, windows and alarms: what their times are compared with. */
  readonly windows: Date;
}

/**
 * What time it is by the clock of the model's windows: the latest moment of it that is known. In AWS that is now, as no window and no alarm is
 * of the future.
 * @param told moments of that clock, ISO 8601, as of the alarm or schedule that asks
 */
export function clocksOf(
  wall: Date,
  monitor: Pick<MonitorRecord, 'lastWindowId'> | undefined,
  told: readonly (string | null | undefined)[] = [],
): Clocks {
  const moments = [...told, monitor?.lastWindowId && timeOfWindow(monitor.lastWindowId)];
  const known = moments.map((moment) => Date.parse(moment ?? '')).filter(Number.isFinite);
  return { wall, windows: new Date(Math.max(wall.getTime(), ...known)) };
}

/** `2026-03-01T14:00:00Z` of `20260301T140000Z`. */
export function timeOfWindow(windowId: string): string {
  return windowId.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
}

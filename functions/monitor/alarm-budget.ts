import type { Monitoring } from '@tidemark/domain/definition/monitoring.schema.ts';
import type { AlarmBudget } from '@tidemark/statistics/drift/alpha.ts';

const daysPerYear = 365.25;
const windowsPerYear: Record<Monitoring['every'], number> = { hour: 24 * daysPerYear, day: daysPerYear };

/** The false alarms that a model may raise in a year, and the windows that they are spread over. */
export function alarmBudget({ falseAlarmsPerYear, every }: Monitoring): AlarmBudget {
  return { falseAlarmsPerYear, windowsPerYear: windowsPerYear[every] };
}

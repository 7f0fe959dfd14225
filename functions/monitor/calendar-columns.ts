import type { Monitoring } from '@tidemark/domain/definition/monitoring.schema.ts';
import type { WindowPlan } from '@tidemark/domain/windows/baseline.schema.ts';
import { predictionColumn } from '@tidemark/domain/windows/monitored-form.ts';

const windowDays: Record<Monitoring['every'], number> = { hour: 1 / 24, day: 1 };

/**
 * Parts of times that a window does not show a whole cycle of: a window of a day is one day of the week, whatever the predictions
 * are. Compared with a baseline of months they would drift in every window, so they are not judged.
 */
export function calendarColumns(
  { every }: Pick<Monitoring, 'every'>,
  { timeParts }: Pick<WindowPlan, 'timeParts'>,
): string[] {
  return timeParts.filter(({ cycleDays }) => cycleDays > windowDays[every]).map(({ name }) => name);
}

/** Monitored columns of the columns that the definition excludes from monitoring: of a time, its parts. */
export function excludedColumns(
  { exclude }: Pick<Monitoring, 'exclude'>,
  { columns, timeParts }: Pick<WindowPlan, 'columns' | 'timeParts'>,
): string[] {
  const parts = new Set(timeParts.map(({ name }) => name));
  const isExcluded = (name: string) =>
    parts.has(name)
      ? exclude.includes(name.slice(0, name.lastIndexOf('.')))
      : name !== predictionColumn &&
        exclude.some((column) => name === column || name === `${column} (feature)`);
  return columns.map(({ name }) => name).filter(isExcluded);
}

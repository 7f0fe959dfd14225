import { type CronField, cronField } from './cron-field.ts';
import { InvalidExpressionError } from './expression-error.ts';
import type { Occurrences } from './occurrences.ts';

const dayMilliseconds = 86_400_000;
const minuteMilliseconds = 60_000;
/** The last year that AWS takes. */
const lastYear = 2199;

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
/** AWS counts from Sunday, which is 1. */
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface Cron {
  readonly minutes: CronField;
  readonly hours: CronField;
  readonly daysOfMonth: CronField;
  readonly months: CronField;
  readonly daysOfWeek: CronField;
  readonly years: CronField;
}

/**
 * Occurrences of AWS's six fields, `minutes hours day-of-month month day-of-week year`, in UTC. One of the two fields for days must be `?`.
 * @throws InvalidExpressionError, UnsupportedExpressionError
 */
export function cronOccurrences(text: string): Occurrences {
  const cron = parse(text);
  return { isOneTime: false, from: (moment) => firstFrom(cron, moment) };
}

function parse(text: string): Cron {
  const [minutes, hours, daysOfMonth, month, daysOfWeek, years, ...others] = text.trim().split(/\s+/);
  if (years === undefined || others.length > 0) {
    throw new InvalidExpressionError(
      `cron(${text}): there must be six fields: minutes hours day-of-month month day-of-week year`,
    );
  }
  if ((daysOfMonth === '?') === (daysOfWeek === '?')) {
    throw new InvalidExpressionError(
      `cron(${text}): exactly one of day-of-month and day-of-week must be '?'`,
    );
  }
  return {
    minutes: cronField('minutes', minutes, { least: 0, most: 59 }),
    hours: cronField('hours', hours, { least: 0, most: 23 }),
    daysOfMonth: cronField('day-of-month', daysOfMonth, { least: 1, most: 31 }),
    months: cronField('month', month, { least: 1, most: 12, names: months }),
    daysOfWeek: cronField('day-of-week', daysOfWeek, { least: 1, most: 7, names: weekdays }),
    years: cronField('year', years, { least: 1970, most: lastYear }),
  };
}

/** Day by day, as no rule says how far off the next day is. */
function firstFrom(cron: Cron, moment: number): number | undefined {
  const earliest = Math.ceil(moment / minuteMilliseconds) * minuteMilliseconds;
  for (let day = Math.floor(earliest / dayMilliseconds) * dayMilliseconds; ; day += dayMilliseconds) {
    const date = new Date(day);
    if (date.getUTCFullYear() > lastYear) return undefined;
    if (!hasDay(cron, date)) continue;
    const found = firstWithin(cron, day, earliest);
    if (found !== undefined) return found;
  }
}

function hasDay({ years, months, daysOfMonth, daysOfWeek }: Cron, date: Date): boolean {
  return (
    years.has(date.getUTCFullYear()) &&
    months.has(date.getUTCMonth() + 1) &&
    daysOfMonth.has(date.getUTCDate()) &&
    daysOfWeek.has(date.getUTCDay() + 1)
  );
}

function firstWithin({ hours, minutes }: Cron, day: number, earliest: number): number | undefined {
  for (let hour = 0; hour < 24; hour += 1) {
    if (!hours.has(hour)) continue;
    for (let minute = 0; minute < 60; minute += 1) {
      const at = day + (hour * 60 + minute) * minuteMilliseconds;
      if (at >= earliest && minutes.has(minute)) return at;
    }
  }
  return undefined;
}

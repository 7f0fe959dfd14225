import type { FeatureEncoding } from './encoding.schema.ts';

type TimePart = Extract<FeatureEncoding, { kind: 'time' }>['parts'][number];

const millisecondsPerDay = 86_400_000;

/** Each part of a time in UTC, from milliseconds since 1970. */
const partOf: Readonly<Record<TimePart, (time: Date) => number>> = {
  hour: (time) => time.getUTCHours(),
  /** ISO 8601: Monday is 1, Sunday 7. */
  'day-of-week': (time) => ((time.getUTCDay() + 6) % 7) + 1,
  'day-of-month': (time) => time.getUTCDate(),
  month: (time) => time.getUTCMonth() + 1,
  'day-of-year': (time) => dayOfYear(time),
};

/** How long a part takes to come round, in days. */
export const cycleDays: Readonly<Record<TimePart, number>> = {
  hour: 1,
  'day-of-week': 7,
  'day-of-month': 31,
  month: 366,
  'day-of-year': 366,
};

/** The parts of a time, as numbers. */
export function partsOfTime(parts: readonly TimePart[], milliseconds: number): number[] {
  const time = new Date(milliseconds);
  return parts.map((part) => partOf[part](time));
}

function dayOfYear(time: Date): number {
  return Math.floor((time.getTime() - Date.UTC(time.getUTCFullYear(), 0, 1)) / millisecondsPerDay) + 1;
}

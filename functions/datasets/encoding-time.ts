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
export function timeParts(parts: readonly TimePart[], milliseconds: number): number[] {
  const time = new Date(milliseconds);
  return parts.map((part) => partOf[part](time));
}

/** Date, then perhaps a time of day, then perhaps `Z` or an offset: what ingest takes for a timestamp. */
const timestamp =
  /^(?<year>\d{4})[-/](?<month>\d{1,2})[-/](?<day>\d{1,2})(?:[T ](?<time>\d{1,2}:\d{2}(?::\d{2})?)(?<fraction>\.\d+)?)? ?(?<zone>Z|[+-]\d{2}(?::?\d{2})?)?$/i;

/** Milliseconds since 1970 of a timestamp in text; without an offset it is UTC. `undefined` if it is none. */
export function parseTimestamp(text: string): number | undefined {
  const fields = timestamp.exec(text.trim())?.groups;
  if (!fields) return undefined;
  const { year, month = '', day = '', time = '0:00', fraction = '', zone } = fields;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const clock = (time.split(':').length === 2 ? `${time}:00` : time).padStart(8, '0');
  const milliseconds = Date.parse(`${date}T${clock}${fraction}${offset(zone)}`);
  // JavaScript reads 30 February as 2 March.
  const isDate = new Date(`${date}T00:00:00Z`).getUTCDate() === Number(day);
  return Number.isNaN(milliseconds) || !isDate ? undefined : milliseconds;
}

function offset(zone: string | undefined): string {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 'Z';
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

function dayOfYear(time: Date): number {
  return Math.floor((time.getTime() - Date.UTC(time.getUTCFullYear(), 0, 1)) / millisecondsPerDay) + 1;
}

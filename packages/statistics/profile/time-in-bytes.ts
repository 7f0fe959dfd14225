const zero = 0x30;
const dash = 0x2d;
const colon = 0x3a;
const millisecondsPerDay = 86_400_000;

/** Days of the months of a year that is not a leap year. */
const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/**
 * Milliseconds since 1970 of a time spelled `2026-03-01`, `2026-03-01 14:30:00` or with a T, with up to three digits of a second's fraction
 * and perhaps a Z: the spellings that files mostly have, read without making a string. NaN for every other.
 */
export function timeInBytes(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length < 10 || bytes[start + 4] !== dash || bytes[start + 7] !== dash) return Number.NaN;
  const days = daysSince1970(
    digits(bytes, start, 4),
    digits(bytes, start + 5, 2),
    digits(bytes, start + 8, 2),
  );
  if (length === 10) return days * millisecondsPerDay;
  return days * millisecondsPerDay + clock(bytes, start + 10, end);
}

/** Milliseconds of ` 14:30:00.250Z`. */
function clock(bytes: Uint8Array, start: number, end: number): number {
  const separator = bytes[start];
  const isZulu = bytes[end - 1] === 0x5a;
  const length = (isZulu ? end - 1 : end) - start;
  if ((separator !== 0x20 && separator !== 0x54) || length < 9) return Number.NaN;
  if (bytes[start + 3] !== colon || bytes[start + 6] !== colon) return Number.NaN;
  const hours = digits(bytes, start + 1, 2);
  const minutes = digits(bytes, start + 4, 2);
  const seconds = digits(bytes, start + 7, 2);
  if (hours > 23 || minutes > 59 || seconds > 59) return Number.NaN;
  const whole = ((hours * 60 + minutes) * 60 + seconds) * 1000;
  if (length === 9) return whole;
  const places = length - 10;
  if (bytes[start + 9] !== 0x2e || places < 1 || places > 3) return Number.NaN;
  return whole + digits(bytes, start + 10, places) * 10 ** (3 - places);
}

function digits(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let at = start; at < start + count; at += 1) {
    const digit = (bytes[at] ?? 0) - zero;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Of a day of the Gregorian calendar; NaN when there is no such day. Counts years from March, so that a leap day is the last (Richards, 2013). */
function daysSince1970(year: number, month: number, day: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const most = month === 2 && isLeap ? 29 : (daysOfMonth[month - 1] ?? 0);
  if (!(day >= 1 && day <= most && year >= 1)) return Number.NaN;
  const shifted = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return shifted * 365 + leapDays + dayOfYear - 719_468;
}

import { readNumber } from './read-number.ts';

/**
 * How a column spells its times: ISO 8601, seconds or milliseconds since 1970, or a pattern such as `%d/%m/%Y` of `timeDirectives`,
 * in UTC.
 */
export type TimeFormat = string;

export const epochFormats = { 'epoch-seconds': 1_000_000, 'epoch-milliseconds': 1000 } as const;

/** Microseconds of a unit of an epoch format; `undefined` for other formats. */
export function epochUnit(format: TimeFormat): number | undefined {
  return Object.entries(epochFormats).find(([name]) => name === format)?.[1];
}

export const isoFormat = 'iso-8601';

/** Years 1 to 9999. */
const year = '(?:[0-9]{3}[1-9]|[0-9]{2}[1-9][0-9]|[0-9][1-9][0-9]{2}|[1-9][0-9]{3})';
const hour = '(?:[01]?[0-9]|2[0-3])';
const sixty = '[0-5][0-9]';
/** UTC, or an offset of less than 16 hours. Names of zones are not read: what they mean changes with the database of zones. */
const zone = `Z|UTC|GMT|[+-](?:0[0-9]|1[0-5])(?::?${sixty})?`;

/**
 * Date, then perhaps a time of day, then perhaps a zone. The groups: year, separator, month, separator, day, hour, minute, second,
 * fraction, zone. Written for both engines of regular expressions, so without `\d` (whose meaning differs) and references back.
 */
export const isoPattern =
  `(${year})([-/])([0-9]{1,2})([-/])([0-9]{1,2})` +
  `(?:[T ](${hour}):(${sixty})(?::(${sixty})(?:[.]([0-9]+))?)?)?(?: ?(${zone}))?`;

const iso = new RegExp(`^${isoPattern}$`);
const utc = 'Z|UTC|GMT';

/** What a pattern's directives stand for: with one digit or two, and with all digits. */
const directives: Readonly<Record<string, { readonly any: string; readonly all: string }>> = {
  '%Y': { any: year, all: year },
  '%m': { any: '[0-9]{1,2}', all: '[0-9]{2}' },
  '%d': { any: '[0-9]{1,2}', all: '[0-9]{2}' },
  '%H': { any: hour, all: '(?:[01][0-9]|2[0-3])' },
  '%M': { any: sixty, all: sixty },
  '%S': { any: sixty, all: sixty },
};

/** Largest part first. */
export const timeDirectives: readonly string[] = Object.keys(directives);

/** A pattern as a regular expression for both engines, with the directives of its groups in their order. */
export interface TimePattern {
  readonly source: string;
  readonly directives: readonly string[];
}

/** @returns what is wrong with a format, as a sentence; `undefined` if nothing is */
export function timeFormatProblem(format: TimeFormat): string | undefined {
  if (format === isoFormat || epochUnit(format) !== undefined) return undefined;
  const used: readonly string[] = format.match(/%.?/gu) ?? [];
  const unknown = used.find((each) => !timeDirectives.includes(each));
  if (unknown !== undefined) return `\`${unknown}\` is not one of ${timeDirectives.join(' ')}.`;
  if (new Set(used).size < used.length) return 'It has a directive twice.';
  const missing = ['%Y', '%m', '%d'].find((each) => !used.includes(each));
  if (missing !== undefined) return `It has no \`${missing}\`.`;
  const clock = ['%H', '%M', '%S'].map((each) => used.includes(each));
  const isWhole = clock.every((has, index) => !has || clock.slice(0, index).every(Boolean));
  return isWhole ? undefined : 'It has a smaller part of the time of day without the larger ones.';
}

/**
 * A format that is a pattern. A month, day or hour may have one digit, unless a directive touches another: `%Y%m%d` is `20260105`.
 */
export function timePattern(format: TimeFormat): TimePattern {
  const pieces: readonly string[] = format.match(/%.|[^%]/gu) ?? [];
  const source = pieces.map((piece, index) => {
    const directive = directives[piece];
    if (directive === undefined) return piece.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
    const touches = [pieces[index - 1], pieces[index + 1]].some((each) => each?.startsWith('%'));
    return `(${touches ? directive.all : directive.any})`;
  });
  return { source: source.join(''), directives: pieces.filter((piece) => directives[piece] !== undefined) };
}

/** The first instant and the first that is too late, in milliseconds since 1970: years 1 to 9999. */
export const timeRange = { from: Date.parse('0001-01-01T00:00:00Z'), before: Date.UTC(10_000, 0, 1) };

/**
 * The instant that a text spells in a format, in milliseconds since 1970 rounded down; without a zone it is UTC. `undefined` if it
 * spells none, or one outside of `timeRange`.
 */
export function readTime(text: string, format: TimeFormat = isoFormat): number | undefined {
  const time = instantOf(text, format);
  return time !== undefined && isTimeHeld(time) ? time : undefined;
}

/** Whether an instant, in milliseconds since 1970, can be computed with. */
export function isTimeHeld(milliseconds: number): boolean {
  return milliseconds >= timeRange.from && milliseconds < timeRange.before;
}

function instantOf(text: string, format: TimeFormat): number | undefined {
  if (format === isoFormat) return readIso(text);
  const unit = epochUnit(format);
  return unit === undefined ? readPattern(text, format) : readEpoch(text, unit);
}

function readIso(text: string): number | undefined {
  const fields = iso.exec(text);
  if (fields === null) return undefined;
  const [, years, separator, months, otherSeparator, days, hours, minutes, seconds, fraction = '', zoned] =
    fields;
  if (separator !== otherSeparator) return undefined;
  const local = timeOf([years, months, days, hours, minutes, seconds]);
  if (local === undefined) return undefined;
  return local + Number(fraction.slice(0, 3).padEnd(3, '0')) - offsetOf(zoned);
}

/** In milliseconds. */
function offsetOf(zoned: string | undefined): number {
  if (zoned === undefined || utc.split('|').includes(zoned)) return 0;
  const digits = zoned.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = 60 * Number(digits.slice(0, 2)) + Number(digits.slice(2));
  return (zoned.startsWith('-') ? -1 : 1) * minutes * 60_000;
}

/** Year, month, day, hour, minute, second. */
function timeOf(parts: readonly (string | undefined)[]): number | undefined {
  const [years = 0, months = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts.map((part) =>
    Number(part ?? 0),
  );
  // `Date.UTC` takes the years 0 to 99 for those of the 20th century.
  const date = new Date(0);
  date.setUTCFullYear(years, months - 1, days);
  // JavaScript reads 30 February as 2 March.
  if (date.getUTCMonth() !== months - 1 || date.getUTCDate() !== days) return undefined;
  return date.setUTCHours(hours, minutes, seconds);
}

const patterns = new Map<TimeFormat, { readonly matches: RegExp; readonly places: readonly number[] }>();

function readPattern(text: string, format: TimeFormat): number | undefined {
  let known = patterns.get(format);
  if (known === undefined) {
    const { source, directives: used } = timePattern(format);
    const places = timeDirectives.map((each) => used.indexOf(each) + 1);
    known = { matches: new RegExp(`^${source}$`, 'u'), places };
    patterns.set(format, known);
  }
  const fields = known.matches.exec(text);
  return fields === null
    ? undefined
    : timeOf(known.places.map((place) => (place === 0 ? undefined : fields[place])));
}

/** In whole microseconds first, as a dataset keeps it; whole units apart, as a double cannot hold all of their microseconds. */
function readEpoch(text: string, unit: number): number | undefined {
  const value = readNumber(text);
  if (value === undefined) return undefined;
  const whole = Math.floor(value);
  return whole * (unit / 1000) + Math.floor(Math.floor((value - whole) * unit + 0.5) / 1000);
}

import { blanks } from './blanks.ts';
import type { ColumnType } from './column.schema.ts';
import { codePattern, float32Limit, integerPattern } from './read-number.ts';
import { epochUnit, isoFormat, isoPattern, type TimeFormat, timePattern } from './read-time.ts';
import { literal } from './sql.ts';

/**
 * The grammar of `read-value.ts`, written in SQL for DuckDB. Casts are faster than regular expressions and take more than is meant
 * here (`1_000`, `0x1F`, `+-1`, `epoch`, `NAN`), so each has a check besides.
 */

/** SQL for a value of a type, when a text spells one. */
export interface SpelledSql {
  /** Whether the text spells a value of the type. */
  readonly fits: string;
  /** The value, or NULL. */
  readonly value: string;
  /** Whether a value that fits is one that training cannot hold. */
  readonly infinite: string;
}

/** How strictly a text is read. */
export interface Strictness {
  /** The column is known to hold the type: then `007` may be a number, and `1` may be true. */
  readonly known: boolean;
  readonly format?: TimeFormat | undefined;
}

/**
 * SQL for a text without the blanks around it. A regular expression finds out whether there are any: naming the blanks to `trim`
 * costs ten times as much.
 */
export function trimmedSql(text: string): string {
  return `(CASE WHEN regexp_matches(${text}, '^[^!-~]|[^!-~]$') THEN trim(${text}, ${literal(blanks)}) ELSE ${text} END)`;
}

/** SQL for how a text without blanks around it is read as a type. */
export function spelledSql(
  text: string,
  type: Exclude<ColumnType, 'string'>,
  { known, format = isoFormat }: Strictness,
): SpelledSql {
  switch (type) {
    case 'boolean':
      return booleanSql(text, known);
    case 'integer':
      return integerSql(text, known);
    case 'number':
      return numberSql(text, known);
    case 'timestamp':
      return timeSql(text, format);
  }
}

function booleanSql(text: string, known: boolean): SpelledSql {
  const folded = `lower(${text})`;
  const [yes, no] = known
    ? [`('true', '1')`, `('true', 'false', '1', '0')`]
    : [`('true')`, `('true', 'false')`];
  return { fits: `(${folded} IN ${no})`, value: `(${folded} IN ${yes})`, infinite: 'false' };
}

function integerSql(text: string, known: boolean): SpelledSql {
  const value = `TRY_CAST(${text} AS BIGINT)`;
  const fits = known
    ? `(${value} IS NOT NULL AND regexp_full_match(${text}, ${literal(integerPattern)}))`
    : `coalesce(${value}::VARCHAR = ${text}, false)`;
  return { fits, value, infinite: 'false' };
}

function numberSql(text: string, known: boolean): SpelledSql {
  const value = `TRY_CAST(${text} AS DOUBLE)`;
  const isNumber = `${value} IS NOT NULL AND NOT isnan(${value}) AND NOT contains(${text}, '_') AND NOT starts_with(${text}, '+-')`;
  return {
    fits: `(${isNumber}${known ? '' : ` AND NOT ${isCodeSql(text)}`})`,
    value,
    infinite: beyondFloat32(value),
  };
}

/** SQL for a DOUBLE that training cannot hold. */
export function beyondFloat32(value: string): string {
  return `(abs(${value}) >= ${float32Limit}::DOUBLE)`;
}

/** SQL for a text that looks like a number and begins with a zero that a number does not need. */
export function isCodeSql(text: string): string {
  const startsWithZero = ['0', '-0', '+0'].map((start) => `starts_with(${text}, '${start}')`).join(' OR ');
  return `(CASE WHEN ${startsWithZero} THEN regexp_full_match(${text}, ${literal(codePattern)}) ELSE false END)`;
}

function timeSql(text: string, format: TimeFormat): SpelledSql {
  const instant = instantSql(text, format);
  return { fits: `coalesce(NOT ${beyondTimes(instant)}, false)`, value: instant, infinite: 'false' };
}

/** SQL for a TIMESTAMP outside of the years 1 to 9999, which is what times are computed with; infinite ones are. */
export function beyondTimes(value: string): string {
  return `(${value} NOT BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999')`;
}

/** SQL for a TIMESTAMP in milliseconds since 1970, rounded down as JavaScript reads times; a DOUBLE. */
export function millisecondsSql(value: string): string {
  // Microseconds do not fit a double, and whole division rounds towards 1970.
  return `epoch_ms(date_trunc('millisecond', ${value}))::DOUBLE`;
}

function instantSql(text: string, format: TimeFormat): string {
  if (format === isoFormat) return isoSql(text);
  const unit = epochUnit(format);
  return unit === undefined ? patternSql(text, format) : epochSql(text, unit);
}

/** A cast reads most of what `isoPattern` allows, and far more; the rest is brought into its form first. */
function isoSql(text: string): string {
  const inUtc = `regexp_replace(${text}, ' ?(?:Z|UTC|GMT)$', '+00')`;
  const withClock = `regexp_replace(${inUtc}, '^([^T ]{8,10})( ?[+-][0-9:]+)$', '\\1 00:00\\2')`;
  const withSeconds = `regexp_replace(${withClock}, '^([^T ]+[T ][0-9]+:[0-9]+)( ?[+-][0-9:]+)$', '\\1:00\\2')`;
  const castable = `regexp_replace(${withSeconds}, ' ([+-])', '\\1')`;
  // The cast to TIMESTAMP takes an offset and ignores it. The session's zone is UTC.
  const read = (spelled: string) => `make_timestamp(epoch_us(TRY_CAST(${spelled} AS TIMESTAMPTZ)))`;
  const isIso = `substring(${text}, 5, 1) IN ('-', '/') AND regexp_full_match(${text}, ${literal(isoPattern)})`;
  return `(CASE WHEN ${isIso} THEN coalesce(${read(text)}, ${read(castable)}) END)`;
}

function patternSql(text: string, format: TimeFormat): string {
  const { source, directives } = timePattern(format);
  const part = (directive: string) => `\\${directives.indexOf(directive) + 1}`;
  const clock = ['%H', '%M', '%S'].filter((each) => directives.includes(each)).map(part);
  // A cast wants minutes.
  const time = clock.length === 1 ? `${clock[0]}:00` : clock.join(':');
  const spelled = `${['%Y', '%m', '%d'].map(part).join('-')}${time === '' ? '' : ` ${time}`}`;
  const normal = `regexp_replace(${text}, ${literal(`^${source}$`)}, ${literal(spelled)})`;
  return `(CASE WHEN regexp_full_match(${text}, ${literal(source)}) THEN TRY_CAST(${normal} AS TIMESTAMP) END)`;
}

/** In whole microseconds; what is outside of all times is NULL, as no timestamp can be made of it. */
function epochSql(text: string, unit: number): string {
  const { fits, value } = numberSql(text, true);
  const whole = `floor(${value})`;
  // Apart, as a double cannot hold the microseconds of a year far away.
  const rest = `floor((${value} - ${whole}) * ${unit} + 0.5)`;
  const microseconds = `${whole}::BIGINT * ${unit} + ${rest}::BIGINT`;
  return `(CASE WHEN ${fits} AND abs(${value}) * ${unit} < 1e18 THEN make_timestamp(${microseconds}) END)`;
}

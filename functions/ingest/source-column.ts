import type { ColumnType } from '../datasets/manifest.schema.ts';
import { missingSpellings } from '../datasets/missing-values.ts';
import { literal } from '../datasets/sql.ts';

/** A column as a file has it. */
export interface SourceColumn {
  readonly name: string;
  /** SQL for a row's value, NULL where there is none. */
  readonly value: string;
  /** `text`: what it holds has to be found out. Otherwise the file says. */
  readonly holds: 'text' | ColumnType;
}

/** One way to read a column: as which type, and how in SQL. */
export interface Reading {
  readonly type: ColumnType;
  /** Whether a row has a value. */
  readonly present: string;
  /** Whether the value of a row that has one is of the type. */
  readonly fits: string;
  /** Whether a value that fits is infinite. */
  readonly infinite: string;
  /** The value in the canonical type; NULL where missing. */
  readonly value: string;
}

/** Narrowest first: a column is read as the first type that all its values have. */
const narrowestFirst = ['boolean', 'integer', 'number', 'timestamp', 'string'] as const;

/**
 * The ways to read a column, best first.
 * @param known the type that it was accepted with before; it may only become wider from integer to number
 */
export function readingsOf(column: SourceColumn, known: ColumnType | undefined): Reading[] {
  return typesToTry(column.holds, known).map((type) =>
    column.holds === 'text' ? fromText(column.value, type, known !== undefined) : asHeld(column.value, type),
  );
}

function typesToTry(holds: SourceColumn['holds'], known: ColumnType | undefined): readonly ColumnType[] {
  if (holds === 'text') {
    if (known === undefined) return narrowestFirst;
    return known === 'integer' ? ['integer', 'number'] : [known];
  }
  return holds === 'integer' && known === 'number' ? ['number'] : [holds];
}

/** @param lenient whether `007` may be a number: it may where the column is known to hold numbers. */
function fromText(text: string, type: ColumnType, lenient: boolean): Reading {
  if (type === 'string') {
    const present = `${text} IS NOT NULL AND ${text} <> ''`;
    return { type, present, fits: 'true', infinite: 'false', value: `nullif(${text}, '')` };
  }
  // `trim` knows all of Unicode's blanks and costs more than a cast, so it is asked only where there is a blank.
  const trimmed = `(CASE WHEN starts_with(${text}, ' ') OR ends_with(${text}, ' ') THEN trim(${text}) ELSE ${text} END)`;
  const missing = ['', ...missingSpellings].map(literal).join(', ');
  const present = `${text} IS NOT NULL AND ${trimmed} NOT IN (${missing})`;
  const { fits, value } = spelled(trimmed, type, lenient);
  const infinite = type === 'number' ? `isinf(${value})` : 'false';
  return { type, present, fits, infinite, value: `CASE WHEN ${present} THEN ${value} END` };
}

/**
 * How each type is spelled in text, and its value once it is spelled so. The engine's casts take more than is meant here (`1_000`,
 * `0x1F`, `epoch`, `NAN`), so each has a check besides; regular expressions only where nothing cheaper does, as they cost more
 * than all else together.
 */
function spelled(
  text: string,
  type: Exclude<ColumnType, 'string'>,
  lenient: boolean,
): Pick<Reading, 'fits' | 'value'> {
  const integer = `TRY_CAST(${text} AS BIGINT)`;
  const number = `TRY_CAST(${text} AS DOUBLE)`;
  const time = timeIn(text);
  switch (type) {
    case 'boolean':
      return { fits: `lower(${text}) IN ('true', 'false')`, value: `(lower(${text}) = 'true')` };
    case 'integer':
      return {
        fits: lenient
          ? `(${integer} IS NOT NULL AND regexp_full_match(${text}, '-?[0-9]+'))`
          : `coalesce(${integer}::VARCHAR = ${text}, false)`,
        value: integer,
      };
    case 'number':
      return {
        fits: `(${number} IS NOT NULL AND NOT isnan(${number}) AND NOT contains(${text}, '_')${lenient ? '' : ` AND NOT ${isCode(text)}`})`,
        value: number,
      };
    case 'timestamp':
      return { fits: `(${time} IS NOT NULL AND substring(${text}, 5, 1) IN ('-', '/'))`, value: time };
  }
}

/** A time in UTC. A cast to TIMESTAMP ignores an offset, one to TIMESTAMPTZ minds it and takes four times as long. */
function timeIn(text: string): string {
  const hasOffset = `contains(${text}, '+') OR contains(substring(${text}, 11), '-')`;
  const withOffset = `TRY_CAST(${text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC'`;
  return `(CASE WHEN ${hasOffset} THEN ${withOffset} ELSE TRY_CAST(${text} AS TIMESTAMP) END)`;
}

/** `007` and `-01.5` are codes, `0` and `0.7` are not. */
function isCode(text: string): string {
  const startsWithZero = ['0', '-0', '+0'].map((start) => `starts_with(${text}, '${start}')`).join(' OR ');
  return `(CASE WHEN ${startsWithZero} THEN regexp_matches(${text}, '^[-+]?0[0-9]') ELSE false END)`;
}

function asHeld(value: string, type: ColumnType): Reading {
  const reading = { type, present: `${value} IS NOT NULL`, fits: 'true', infinite: 'false', value };
  switch (type) {
    case 'integer': {
      // Unsigned 64-bit integers may be too large.
      const integer = `TRY_CAST(${value} AS BIGINT)`;
      return { ...reading, fits: `${integer} IS NOT NULL`, value: integer };
    }
    case 'number':
      return { ...reading, infinite: `isinf(${value}::DOUBLE)`, value: `CAST(${value} AS DOUBLE)` };
    case 'boolean':
    case 'timestamp':
      return reading;
    case 'string':
      return { ...reading, present: `${reading.present} AND ${value} <> ''`, value: `nullif(${value}, '')` };
  }
}

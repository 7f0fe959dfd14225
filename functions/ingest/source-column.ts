import type { ColumnType } from '../datasets/manifest.schema.ts';
import { literal } from '../datasets/sql.ts';

/** Spellings of a missing value in text, as databases, pandas, R and Spark write it. In quotes they are text in a CSV file. */
export const missingSpellings = ['NULL', 'null', 'NA', 'N/A', 'NaN', 'nan', '\\N'] as const;

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
    return { type, present, fits: 'true', value: `nullif(${text}, '')` };
  }
  const trimmed = `trim(${text})`;
  const missing = ['', ...missingSpellings].map(literal).join(', ');
  const present = `${text} IS NOT NULL AND ${trimmed} NOT IN (${missing})`;
  const { pattern, value } = spelled(trimmed, type, lenient);
  const fits = `(regexp_full_match(${trimmed}, ${literal(pattern)}) AND ${value} IS NOT NULL)`;
  return { type, present, fits, value: `CASE WHEN ${present} THEN ${value} END` };
}

/** How each type is spelled in text, and read once it is spelled so. */
function spelled(text: string, type: Exclude<ColumnType, 'string'>, lenient: boolean) {
  const digits = lenient ? '[0-9]+' : '(0|[1-9][0-9]*)';
  switch (type) {
    case 'boolean':
      return { pattern: '(?i)true|false', value: `TRY_CAST(${text} AS BOOLEAN)` };
    case 'integer':
      return { pattern: `-?${digits}`, value: `TRY_CAST(${text} AS BIGINT)` };
    case 'number':
      return {
        pattern: `(?i)[-+]?((${digits}(\\.[0-9]*)?|\\.[0-9]+)(e[-+]?[0-9]+)?|inf|infinity)`,
        value: `TRY_CAST(${text} AS DOUBLE)`,
      };
    case 'timestamp':
      return {
        pattern:
          '[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)? ?(Z|[-+][0-9]{2}(:?[0-9]{2})?)?)?',
        // TIMESTAMP alone would ignore an offset; the database's own zone is UTC.
        value: `(TRY_CAST(${text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')`,
      };
  }
}

function asHeld(value: string, type: ColumnType): Reading {
  const present = `${value} IS NOT NULL`;
  switch (type) {
    case 'integer':
      // Unsigned 64-bit integers may be too large.
      return {
        type,
        present,
        fits: `TRY_CAST(${value} AS BIGINT) IS NOT NULL`,
        value: `TRY_CAST(${value} AS BIGINT)`,
      };
    case 'number':
      return { type, present, fits: 'true', value: `CAST(${value} AS DOUBLE)` };
    case 'boolean':
    case 'timestamp':
      return { type, present, fits: 'true', value };
    case 'string':
      return {
        type,
        present: `${value} IS NOT NULL AND ${value} <> ''`,
        fits: 'true',
        value: `nullif(${value}, '')`,
      };
  }
}

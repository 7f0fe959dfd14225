import type { ColumnType } from '../datasets/manifest.schema.ts';
import { missingTexts } from '../datasets/read-value.ts';
import { literal } from '../datasets/sql.ts';
import { beyondFloat32, beyondTimes, spelledSql, trimmedSql } from '../datasets/value-sql.ts';

/** A column as a file has it. */
export interface SourceColumn {
  readonly name: string;
  /** SQL for a row's value, NULL where there is none. */
  readonly value: string;
  /** `text`: what it holds has to be found out. Otherwise the file says. */
  readonly holds: 'text' | ColumnType;
  /** Spellings that mean missing in a text too, of which the reader has seen those without blanks around them. */
  readonly missingTexts?: readonly string[];
}

/** One way to read a column: as which type, and how in SQL. */
export interface Reading {
  readonly type: ColumnType;
  /** Whether a row has a value. */
  readonly present: string;
  /** Whether the value of a row that has one is of the type. */
  readonly fits: string;
  /** Whether a value that fits is one that training cannot hold: infinite, or a time before year 1 or after year 9999. */
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
    column.holds === 'text' ? fromText(column, type, known !== undefined) : asHeld(column, type),
  );
}

function typesToTry(holds: SourceColumn['holds'], known: ColumnType | undefined): readonly ColumnType[] {
  if (holds === 'text') {
    if (known === undefined) return narrowestFirst;
    return known === 'integer' ? ['integer', 'number'] : [known];
  }
  return holds === 'integer' && known === 'number' ? ['number'] : [holds];
}

/** @param isKnown whether the column is known to hold the type: then `007` may be a number, and `1` may be true */
function fromText(
  { value: text, missingTexts: padded = [] }: Pick<SourceColumn, 'value' | 'missingTexts'>,
  type: ColumnType,
  isKnown: boolean,
): Reading {
  const bare = trimmedSql(text);
  const list = (spellings: readonly string[]) => spellings.map(literal).join(', ');
  // Without blanks around it, such a spelling that is still here stood in quotes.
  const isPadded =
    type === 'string' && padded.length > 0
      ? ` AND NOT (${bare} <> ${text} AND ${bare} IN (${list(padded)}))`
      : '';
  const present = `${text} IS NOT NULL AND ${bare} NOT IN (${list(missingTexts(type))})${isPadded}`;
  const { fits, value, infinite } =
    type === 'string'
      ? { fits: 'true', value: bare, infinite: 'false' }
      : spelledSql(bare, type, { known: isKnown });
  return { type, present, fits, infinite, value: `CASE WHEN ${present} THEN ${value} END` };
}

function asHeld(column: SourceColumn, type: ColumnType): Reading {
  const { value } = column;
  const reading = { type, present: `${value} IS NOT NULL`, fits: 'true', infinite: 'false', value };
  switch (type) {
    case 'integer': {
      // Unsigned 64-bit integers may be too large.
      const integer = `TRY_CAST(${value} AS BIGINT)`;
      return { ...reading, fits: `${integer} IS NOT NULL`, value: integer };
    }
    case 'number': {
      const number = `CAST(${value} AS DOUBLE)`;
      return { ...reading, infinite: beyondFloat32(number), value: number };
    }
    case 'boolean':
      return reading;
    case 'timestamp':
      return { ...reading, infinite: beyondTimes(value) };
    case 'string':
      return fromText(column, 'string', true);
  }
}

import { unreachable } from '@tidemark/domain/errors.ts';
import type { ColumnType } from '@tidemark/statistics/tables/column.schema.ts';
import { type ColumnVocabulary, missingTexts } from '@tidemark/statistics/tables/read-value.ts';
import { literal } from '@tidemark/statistics/tables/sql.ts';
import { beyondFloat32, beyondTimes, spelledSql, trimmedSql } from '@tidemark/statistics/tables/value-sql.ts';

/** A column as a file has it. */
export interface SourceColumn {
  readonly name: string;
  /** SQL for a row's value, NULL where there is none. */
  readonly value: string;
  /** SQL for the value as a report shows it, where that is not how `value` is spelled. */
  readonly shown?: string;
  /** SQL for how the file's own type spells the value, NULL where it cannot; a cast of `value` without it. */
  readonly spelled?: string;
  /** SQL for a row with a value that cannot be spelled, of a column that the definition calls a text. */
  readonly unspellable?: string;
  /** `text`: what it holds has to be found out. Otherwise the file says. */
  readonly holds: 'text' | ColumnType;
  /** Spellings that mean missing in a text too, of which the reader has seen those without blanks around them. */
  readonly missingTexts?: readonly string[];
  /** The type that the definition says it has. */
  readonly declared?: ColumnType | undefined;
  /** How the definition says that its values are spelled. */
  readonly vocabulary?: ColumnVocabulary;
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
  const expected = column.declared ?? known;
  const source = column.declared === undefined ? column : asDeclared(column, column.declared);
  return typesToTry(source, known).map((type) =>
    source.holds === 'text' ? fromText(source, type, expected !== undefined) : asHeld(source, type),
  );
}

function typesToTry({ holds, declared }: SourceColumn, known: ColumnType | undefined): readonly ColumnType[] {
  const isNumber = (type: ColumnType | undefined) => type === 'number' || type === 'integer';
  // A number that the definition asks for may be whole, unless it was not before.
  const numbers = known === 'number' ? (['number'] as const) : (['integer', 'number'] as const);
  // Unsigned integers may be too large for integers.
  if (holds === 'integer' && isNumber(declared)) return numbers;
  if (holds !== 'text')
    return isNumber(holds) && (holds === 'number' || known === 'number') ? ['number'] : [holds];
  if (declared !== undefined) return isNumber(declared) ? numbers : [declared];
  if (known === undefined) return narrowestFirst;
  return isNumber(known) ? numbers : [known];
}

/** The column as the definition says that it is: what the file holds as another type is read from how that is spelled. */
function asDeclared(column: SourceColumn, declared: ColumnType): SourceColumn {
  const { holds } = column;
  const isSame = holds === declared || (holds === 'integer' && declared === 'number');
  if (holds === 'text' || isSame) return column;
  const value = `(${spellingOf(column)})`;
  const unspellable = `(${column.value} IS NOT NULL AND ${value} IS NULL)`;
  return { ...column, holds: 'text', value, ...(column.spelled !== undefined && { unspellable }) };
}

/** SQL for how a typed value is spelled: a number that is whole without a point, as JSON and identifiers have it. */
function spellingOf({ value, spelled, holds }: SourceColumn): string {
  if (spelled !== undefined) return spelled;
  if (holds === 'string') return value;
  if (holds !== 'number') return `${value}::VARCHAR`;
  const number = `${value}::DOUBLE`;
  return `CASE WHEN trunc(${number}) = ${number} AND abs(${number}) < 9007199254740992 THEN ${number}::BIGINT::VARCHAR ELSE ${number}::VARCHAR END`;
}

/** @param isKnown whether the column is known to hold the type: then `007` may be a number, and `1` may be true */
function fromText(
  { value: text, missingTexts: padded = [], vocabulary = {}, unspellable = 'false' }: SourceColumn,
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
  const spelled = `${text} IS NOT NULL AND ${bare} NOT IN (${list(missingTexts(type, vocabulary))})${isPadded}`;
  const present = unspellable === 'false' ? spelled : `(${unspellable} OR (${spelled}))`;
  const { fits, value, infinite } =
    type === 'string'
      ? { fits: 'true', value: bare, infinite: unspellable }
      : spelledSql(bare, type, { known: isKnown, format: vocabulary.format });
  return { type, present, fits, infinite, value: `CASE WHEN ${present} THEN ${value} END` };
}

function asHeld(column: SourceColumn, type: ColumnType): Reading {
  const { value: held } = column;
  const value = withoutMissing(held, column);
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
    default:
      return unreachable(type);
  }
}

/** SQL for a typed value, NULL where the definition says that its spelling means missing. */
function withoutMissing(value: string, column: SourceColumn): string {
  const { holds, vocabulary: { missing = [] } = {} } = column;
  if (missing.length === 0 || holds === 'text' || holds === 'string') return value;
  return `(CASE WHEN coalesce((${spellingOf(column)}) NOT IN (${missing.map(literal).join(', ')}), true) THEN ${value} END)`;
}

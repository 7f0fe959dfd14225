import { InvariantError } from '../errors.ts';
import type { ColumnType } from '../tables/column.schema.ts';
import type { BinningPlan, ColumnPlan, ValuesPlan } from './binning-plan.schema.ts';
import { type CellFindings, noFindings } from './cell-findings.ts';
import { NumberColumn } from './number-column.ts';
import type { ColumnProfile, Profile } from './profile.schema.ts';
import { isNumeric } from './relation-cell.ts';
import { hashText } from './spelled-value.ts';
import { TextColumn } from './text-column.ts';
import { mixed, ValueHasher } from './value-hash.ts';

/** A column, or one without values, whose type is unknown. */
export interface ProfiledColumn {
  readonly name: string;
  readonly type: ColumnType | null;
}

/** A value as JSON or a program has it; `null` and NaN are missing. */
export type Cell = number | string | boolean | Date | null;

export interface ProfilerOptions {
  /** Bins to count in; columns that it does not name are not binned. */
  readonly plan?: BinningPlan;
  /** Any integer: of what is sampled, which. Profiles of equal rows that will be merged should have different ones. */
  readonly seed?: number;
}

/**
 * Profiles rows in one pass, in memory that does not grow with them. Cells may come by the row or by the column, in any order of columns; those that do not
 * come are missing.
 *
 * ```
 * const profiler = new Profiler([{ name: 'distance', type: 'number' }, { name: 'origin', type: 'string' }]);
 * profiler.addRow([733, 'SFO']);
 * profiler.finish();
 * ```
 */
export class Profiler {
  readonly #columns: readonly ProfiledColumn[];
  readonly #numbers: readonly (NumberColumn | undefined)[];
  readonly #texts: readonly (TextColumn | undefined)[];
  /** Cells of columns without a type. */
  readonly #untyped: number[];
  #rows = 0;

  /** @throws InvariantError when the plan puts text between edges */
  constructor(columns: readonly ProfiledColumn[], { plan, seed = 0 }: ProfilerOptions = {}) {
    const planOf = new Map(plan?.columns.map((column) => [column.name, column]));
    this.#columns = columns;
    this.#numbers = columns.map(({ name, type }) =>
      isNumeric(type) ? new NumberColumn(type, planOf.get(name), columnSeed(seed, name)) : undefined,
    );
    this.#texts = columns.map(({ name, type }) =>
      type === 'string' || type === 'boolean'
        ? new TextColumn(valuesPlan(name, planOf.get(name)))
        : undefined,
    );
    this.#untyped = columns.map(() => 0);
  }

  /** Adds a cell to a column of integers, numbers, or times (milliseconds since 1970). NaN is missing, an infinity unreadable. */
  addNumber(column: number, value: number): void {
    (this.#numbers[column] ?? this.#refuse(column, 'numbers')).add(value);
  }

  /** Adds cells to such a column. */
  addNumbers(column: number, values: Float64Array): void {
    (this.#numbers[column] ?? this.#refuse(column, 'numbers')).addAll(values);
  }

  /** Adds a number that so many rows have. */
  addCountedNumber(column: number, value: number, rows: number): void {
    (this.#numbers[column] ?? this.#refuse(column, 'numbers')).addCounted(value, rows);
  }

  /** Adds a cell to a column of strings, or of booleans as `true` and `false`. */
  addText(column: number, value: string): void {
    (this.#texts[column] ?? this.#refuse(column, 'text')).add(value);
  }

  /** Adds a text by its UTF-8 bytes from `start` to before `end`. */
  addTextBytes(column: number, bytes: Uint8Array, start: number, end: number): void {
    (this.#texts[column] ?? this.#refuse(column, 'text')).addBytes(bytes, start, end);
  }

  /** Adds a text that so many rows have, by its UTF-8 bytes. */
  addCountedTextBytes(column: number, bytes: Uint8Array, start: number, end: number, rows: number): void {
    (this.#texts[column] ?? this.#refuse(column, 'text')).addCountedBytes(bytes, start, end, rows);
  }

  /** Adds a text by its UTF-8 bytes, of which the hasher has just made the hash. */
  addHashedText(
    column: number,
    { high, low }: ValueHasher,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    (this.#texts[column] ?? this.#refuse(column, 'text')).addHashed(high, low, bytes, start, end, 1);
  }

  /** Adds a cell that holds something, but nothing of the column's type. */
  addUnreadable(column: number): void {
    const typed = this.#numbers[column] ?? this.#texts[column];
    if (typed) typed.addUnreadable();
    else this.#untyped[column] = (this.#untyped[column] ?? this.#refuse(column, 'values')) + 1;
  }

  /** Ends a row. */
  endRow(): void {
    this.#rows += 1;
  }

  /** Ends as many rows, whose cells were added by the column. */
  endRows(rows: number): void {
    this.#rows += rows;
  }

  /** Adds a whole row, cells in the order of the columns. */
  addRow(cells: readonly Cell[]): void {
    for (const [column, cell] of cells.entries()) if (cell !== null) this.#addCell(column, cell);
    this.endRow();
  }

  /** The profile of all rows that were ended. */
  finish(): Profile {
    const columns = this.#columns.map((column, index) => {
      const typed = this.#numbers[index]?.finish() ?? this.#texts[index]?.finish();
      const findings = typed ?? { ...noFindings, unreadable: this.#untyped[index] ?? 0 };
      return columnProfile(column, this.#rows, findings);
    });
    return { schemaVersion: 3, rows: this.#rows, columns };
  }

  #addCell(column: number, cell: Exclude<Cell, null>): void {
    const type = this.#columns[column]?.type;
    if (typeof cell === 'number' && (type === 'integer' || type === 'number')) this.addNumber(column, cell);
    else if (typeof cell === 'string' && type === 'string') this.addText(column, cell);
    else if (typeof cell === 'boolean' && type === 'boolean') this.addText(column, String(cell));
    else if (cell instanceof Date && type === 'timestamp') this.addNumber(column, cell.getTime());
    else this.addUnreadable(column);
  }

  #refuse(column: number, what: string): never {
    const { name, type } = this.#columns[column] ?? {};
    throw new InvariantError(`Column ${column} (${name ?? 'none'}, ${type ?? 'no type'}) was given ${what}.`);
  }
}

/** By the name, so that a column is profiled alike with others and without. */
function columnSeed(seed: number, name: string): number {
  const hasher = new ValueHasher();
  hashText(hasher, name);
  return mixed(seed ^ hasher.low);
}

function valuesPlan(name: string, plan: ColumnPlan | undefined): ValuesPlan | undefined {
  if (plan?.kind !== 'edges') return plan;
  throw new InvariantError(
    `The column ${name} holds text, and its plan has edges: it was made for another type.`,
  );
}

function columnProfile(
  { name, type }: ProfiledColumn,
  rows: number,
  { present, ...findings }: CellFindings,
): ColumnProfile {
  const missing = rows - present - findings.unreadable;
  if (missing < 0) throw new InvariantError(`The column ${name} has more cells than the ${rows} rows.`);
  return { name, type, rows, missing, ...findings };
}

import type { Buffer } from 'node:buffer';
import { InvalidInputError } from '../errors.ts';
import type { ColumnType } from '../tables/column.schema.ts';
import type { BinningPlan } from './binning-plan.schema.ts';
import { narrowestType, readCell, widerType } from './cell-text.ts';
import type { Profile } from './profile.schema.ts';
import { type ProfiledColumn, Profiler } from './profiler.ts';
import { recordBlocks } from './record-blocks.ts';

export interface JsonLinesOptions {
  /** What is profiled, whatever else the lines have. Without them, every name is that some line uses, with the narrowest type of its values. */
  readonly columns?: readonly ProfiledColumn[];
  readonly plan?: BinningPlan;
  readonly seed?: number;
}

/** A line that is not a JSON object of plain values: the message says where. */
export class UnreadableJsonLinesError extends InvalidInputError {
  override readonly name = 'UnreadableJsonLinesError';
}

/** Lines that names and types are guessed from. A guess that proves wrong costs another pass, and nothing else. */
const sampledLines = 1000;

const newline = 0x0a;

/**
 * Profiles a file of JSON objects, one a line, in memory that does not grow with it. A value that a line does not have is missing.
 * @throws UnreadableJsonLinesError
 */
export async function profileJsonLines(path: string, options: JsonLinesOptions = {}): Promise<Profile> {
  const guessed = options.columns === undefined;
  let columns = options.columns ?? (await readColumns(path, [], true, options, sampledLines)).columns;
  for (;;) {
    const pass = await readColumns(path, columns, guessed, options, Number.POSITIVE_INFINITY);
    // Names are only added and types only get wider, so this comes to an end.
    if (!guessed || JSON.stringify(pass.columns) === JSON.stringify(columns)) return pass.profile;
    columns = pass.columns;
  }
}

async function readColumns(
  path: string,
  columns: readonly ProfiledColumn[],
  guessed: boolean,
  options: JsonLinesOptions,
  limit: number,
): Promise<{ profile: Profile; columns: ProfiledColumn[] }> {
  const reader = new JsonLinesReader(columns, guessed, options);
  for await (const { bytes, length } of recordBlocks(path, false)) {
    if (reader.read(bytes.subarray(0, length), limit)) break;
  }
  return { profile: reader.profile(), columns: reader.columns(limit === Number.POSITIVE_INFINITY) };
}

class JsonLinesReader {
  readonly #profiler: Profiler;
  readonly #guessed: boolean;
  readonly #places: Map<string, number>;
  readonly #types: readonly (ColumnType | null)[];
  /** By name, in the order of first use; the narrowest type that all values have. */
  readonly #found: Map<string, ColumnType | null>;
  readonly #spellsMissing = new Set<string>();
  #line = 0;

  constructor(columns: readonly ProfiledColumn[], guessed: boolean, options: JsonLinesOptions) {
    this.#profiler = new Profiler(columns, options);
    this.#guessed = guessed;
    this.#places = new Map(columns.map(({ name }, place) => [name, place]));
    this.#types = columns.map(({ type }) => type);
    this.#found = new Map(columns.map(({ name, type }) => [name, type]));
  }

  profile(): Profile {
    return this.#profiler.finish();
  }

  /** @param settled whether every line was seen: then a column that only spells missing values is one of text */
  columns(settled: boolean): ProfiledColumn[] {
    return [...this.#found].map(([name, type]) => ({
      name,
      type: type ?? (settled && this.#spellsMissing.has(name) ? 'string' : null),
    }));
  }

  /** Reads whole lines. @returns whether the limit of lines is reached */
  read(bytes: Buffer, limit: number): boolean {
    let start = 0;
    while (start < bytes.length && this.#line < limit) {
      const end = bytes.indexOf(newline, start);
      this.#line += 1;
      this.#readLine(bytes.toString('utf8', start, end));
      start = end + 1;
    }
    return this.#line >= limit;
  }

  #readLine(text: string): void {
    if (text.trim() === '') return;
    const record = this.#parsed(text);
    for (const name of Object.keys(record)) this.#readValue(name, record[name]);
    this.#profiler.endRow();
  }

  #readValue(name: string, value: unknown): void {
    const place = this.#places.get(name);
    if (place === undefined) {
      if (this.#guessed) this.#widen(name, this.#spelled(name, value));
      return;
    }
    const type = this.#types[place] ?? null;
    if (typeof value === 'number' && (type === 'number' || (type === 'integer' && Number.isInteger(value)))) {
      this.#profiler.addNumber(place, value);
    } else this.#readText(name, place, type, this.#spelled(name, value));
  }

  #readText(name: string, place: number, type: ColumnType | null, text: string): void {
    const cell = type === null ? undefined : readCell(type, text, !this.#guessed);
    if (cell?.kind === 'number') this.#profiler.addNumber(place, cell.value);
    else if (cell?.kind === 'text') this.#profiler.addText(place, cell.value);
    else if (cell?.kind !== 'missing' && this.#widen(name, text)) this.#profiler.addUnreadable(place);
  }

  /** @returns whether there is a value */
  #widen(name: string, text: string): boolean {
    const narrowest = narrowestType(text);
    this.#found.set(name, widerType(this.#found.get(name) ?? null, narrowest));
    if (narrowest === null && text !== '') this.#spellsMissing.add(name);
    return narrowest !== null;
  }

  #parsed(text: string): Readonly<Record<string, unknown>> {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw this.#unreadable('is not JSON', error);
    }
    if (!isRecord(value)) throw this.#unreadable('is not an object');
    return value;
  }

  /** As a CSV file would have it; empty for a value that is missing. */
  #spelled(name: string, value: unknown): string {
    if (value === null) return '';
    if (typeof value === 'object') throw this.#unreadable(`has an object or a list in "${name}"`);
    return String(value);
  }

  #unreadable(what: string, cause?: Error): UnreadableJsonLinesError {
    return new UnreadableJsonLinesError(
      `Line ${this.#line} ${what}. Each line must be one JSON object, such as {"delay": 12, "origin": "SFO"}.`,
      { cause },
    );
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { Buffer } from 'node:buffer';
import type { BinningPlan } from './binning-plan.schema.ts';
import { type CsvField, CsvReader, UnreadableCsvError } from './csv-reader.ts';
import { fieldsOf, recordsLength } from './csv-records.ts';
import type { Profile } from './profile.schema.ts';
import { type ProfiledColumn, Profiler } from './profiler.ts';
import { type FileRange, recordBlocks } from './record-blocks.ts';

export interface CsvOptions {
  /**
   * What is profiled, whatever else the file has; a column that the file does not have is missing in every row. Without them, all columns are, with the
   * narrowest types that their values have.
   */
  readonly columns?: readonly ProfiledColumn[];
  readonly plan?: BinningPlan;
  readonly seed?: number;
  /** One ASCII character; a comma by default. */
  readonly delimiter?: string;
}

/** What every reader of a file has to know. */
export interface CsvLayout {
  readonly delimiter: string;
  /** Names of the first line. */
  readonly names: readonly string[];
  /** Where the first record after it starts. */
  readonly start: number;
  readonly columns: readonly ProfiledColumn[];
  /** Whether the types are a guess. */
  readonly guessed: boolean;
}

/** A column as a pass found it. */
export interface PassedColumn extends ProfiledColumn {
  /** Whether a text in quotes spells a missing value: where there is nothing else, it is a text. */
  readonly spellsMissing: boolean;
}

/** What one pass found. */
export interface CsvPass {
  readonly profile: Profile;
  /** With the narrowest types that all values have: wider than was thought, if need be. */
  readonly columns: readonly PassedColumn[];
}

/** Records that types are guessed from. A guess that proves wrong costs another pass, and nothing else. */
const sampledRecords = 1000;

/**
 * Profiles a CSV file (RFC 4180, UTF-8, a header line) in memory that does not grow with it.
 * @throws UnreadableCsvError when a line is not a record
 */
export async function profileCsv(path: string, options: CsvOptions = {}): Promise<Profile> {
  let layout = await csvLayout(path, options);
  for (;;) {
    const { profile, columns } = await profileCsvRange(path, layout, options);
    const settled = settledTypes(columns);
    if (!layout.guessed || JSON.stringify(settled) === JSON.stringify(layout.columns)) return profile;
    // Types only get wider, and there are four steps at most.
    layout = { ...layout, columns: settled };
  }
}

/** The types of columns of which every row was seen. */
export function settledTypes(columns: readonly PassedColumn[]): ProfiledColumn[] {
  return columns.map(({ name, type, spellsMissing }) => ({
    name,
    type: type ?? (spellsMissing ? 'string' : null),
  }));
}

/** Reads the header, and guesses types where they are not given. @throws UnreadableCsvError */
export async function csvLayout(path: string, { columns, delimiter = ',' }: CsvOptions): Promise<CsvLayout> {
  for await (const { bytes, length, offset } of recordBlocks(path, true)) {
    const headerLength = recordsLength(bytes.subarray(0, length), 1);
    const names = fieldsOf(bytes.toString('utf8', 0, headerLength), delimiter);
    refuseTwins(names);
    const unknown = names.map((name) => ({ name, type: null }));
    const layout = { delimiter, names, start: offset + headerLength };
    if (columns) return { ...layout, columns, guessed: false };
    const records = bytes.subarray(headerLength, length);
    const sample = records.subarray(0, recordsLength(records, sampledRecords));
    return {
      ...layout,
      columns: sampledTypes(sample, { ...layout, columns: unknown, guessed: true }),
      guessed: true,
    };
  }
  throw new UnreadableCsvError('The file is empty; its first line must name the columns.');
}

/** Profiles the records of a part of the file; of all by default. @throws UnreadableCsvError */
export async function profileCsvRange(
  path: string,
  layout: CsvLayout,
  options: Pick<CsvOptions, 'plan' | 'seed'>,
  range: FileRange = { start: layout.start },
): Promise<CsvPass> {
  const profiler = new Profiler(layout.columns, options);
  const reader = readerOf(profiler, layout);
  for await (const { bytes, length } of recordBlocks(path, true, range)) reader.read(bytes, length);
  return { profile: profiler.finish(), columns: typedBy(layout, reader) };
}

function refuseTwins(names: readonly string[]): void {
  const twin = names.find((name, field) => names.indexOf(name) < field);
  if (twin === undefined) return;
  throw new UnreadableCsvError(
    `Line 1 names the column "${twin}" twice: give each column a name of its own.`,
  );
}

function sampledTypes(records: Buffer, layout: CsvLayout): ProfiledColumn[] {
  const reader = readerOf(new Profiler(layout.columns), layout);
  reader.read(records, records.length);
  return typedBy(layout, reader).map(({ name, type }) => ({ name, type }));
}

function readerOf(profiler: Profiler, { names, columns, delimiter, guessed }: CsvLayout): CsvReader {
  const fields = names.map((name): CsvField => {
    const column = columns.findIndex((each) => each.name === name);
    return { name, type: columns[column]?.type ?? null, column: column === -1 ? undefined : column };
  });
  // The first line is the header.
  return new CsvReader(profiler, fields, delimiter, !guessed, 2);
}

/** The columns with the types that the reader found. */
function typedBy({ names, columns }: CsvLayout, reader: CsvReader): PassedColumn[] {
  return columns.map(({ name, type }) => {
    const field = names.indexOf(name);
    return {
      name,
      type: reader.types()[field] ?? type,
      spellsMissing: reader.spellsMissing()[field] ?? false,
    };
  });
}

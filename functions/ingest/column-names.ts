import { labelColumn, rowHashColumn, splitColumn } from '@tidemark/domain/datasets/row-hash.ts';
import { counted, listed, type Sentence, say } from '@tidemark/statistics/sentence.ts';
import { aliasPrefix } from '@tidemark/statistics/tables/sql.ts';
import type { DataFinding } from './data-finding.schema.ts';
import { dataFinding, UnacceptableFileError } from './data-finding.ts';
import { maximumColumnName, maximumColumns, maximumFileColumns } from './ingest-limits.ts';
import type { WantedColumns } from './source-file.ts';

const reserved: readonly string[] = [rowHashColumn, splitColumn, labelColumn];

/** A column of a file: its name without blanks around it, and its place, from 0. */
export interface NamedColumn {
  readonly name: string;
  readonly place: number;
}

/** The columns of a file that a reader looks at. */
export interface FileColumns {
  readonly used: readonly NamedColumn[];
  /** Columns without a name. No definition can ask for one, nor leave one out but by listing the features. */
  readonly nameless: readonly NamedColumn[];
  /** All names, for sentences. */
  readonly names: readonly string[];
}

/**
 * Tells which columns are read. Names are checked among those alone: what no definition asks for decides nothing.
 * @param found names as they stand in the file
 * @param named whether one place names them, or each row as in JSON
 * @throws UnacceptableFileError with everything that is wrong with them
 */
export function fileColumns(
  found: readonly string[],
  { isUsed, listsFeatures }: WantedColumns,
  named: 'once' | 'in-each-row' = 'once',
): FileColumns {
  if (found.length > maximumFileColumns)
    throw new UnacceptableFileError([tooMany(found.length, maximumFileColumns)]);
  const all = found.map((name, place) => ({ name: name.trim(), place }));
  const used = all.filter(({ name }) => name !== '' && isUsed(name));
  if (used.length > maximumColumns) throw new UnacceptableFileError([tooMany(used.length, maximumColumns)]);
  const problems = [tooLong(used), named === 'once' ? repeated(used) : respelled(used), taken(used)].filter(
    (each) => each !== undefined,
  );
  if (problems.length > 0) throw new UnacceptableFileError(problems);
  return {
    used,
    nameless: listsFeatures ? [] : all.filter(({ name }) => name === ''),
    names: all.flatMap(({ name }) => (name === '' ? [] : [name])),
  };
}

function tooMany(count: number, most: number): DataFinding {
  return dataFinding(
    'column-count',
    say`The file has ${counted(count, 'column')} that would be read; at most ${counted(most, 'column')} are.`,
    say`So many columns are hardly ever features: usually the file is transposed, or one column per category was made.`,
    say`List the features under \`features.include\`, drop the columns that the model does not need, or keep categories as one column: Tidemark encodes them itself.`,
  );
}

/** For columns without a name that do not just count the rows. */
export function withoutName(columns: readonly NamedColumn[]): DataFinding {
  return dataFinding(
    'column-name',
    say`${counted(columns.length, 'column')} without a name: number ${numbered(columns)}.`,
    say`A definition and a report refer to columns by name.`,
    say`Name the column, leave it out of the file, or list the columns to use under \`features.include\`.`,
  );
}

/** `3, 7, 9`: places counted from 1, at most five of them. */
function numbered(columns: readonly NamedColumn[]): Sentence {
  const [first = 0, ...others] = columns.slice(0, 5).map(({ place }) => place + 1);
  return others.reduce<Sentence>((list, place) => say`${list}, ${place}`, say`${first}`);
}

function tooLong(columns: readonly NamedColumn[]): DataFinding | undefined {
  const long = columns.filter(({ name }) => name.length > maximumColumnName);
  if (long.length === 0) return undefined;
  return dataFinding(
    'column-name',
    say`${counted(long.length, 'column')} with a name of more than ${maximumColumnName} characters.`,
    say`Such a name is usually a row of data: the line with the names may be missing.`,
    say`Write short names of the columns as the first line.`,
    long.map(({ name }) => ({ where: say`name`, text: name })),
  );
}

/** Those whose name, in whatever case, an earlier one has. */
function later(columns: readonly NamedColumn[]): NamedColumn[] {
  const seen = new Set<string>();
  return columns.filter(({ name }) => {
    const folded = name.toLowerCase();
    const isSeen = seen.has(folded);
    seen.add(folded);
    return isSeen;
  });
}

/** Names of JSON, which has no place for them: each row says its own. */
function respelled(columns: readonly NamedColumn[]): DataFinding | undefined {
  const again = later(columns);
  if (again.length === 0) return undefined;
  const folded = new Set(again.map(({ name }) => name.toLowerCase()));
  return dataFinding(
    'column-name',
    say`${counted(folded.size, 'name')} in more than one spelling: upper and lower case count as the same.`,
    say`It would be a matter of chance which of them a model learns from.`,
    say`Write each name in one way in every row; if two columns are meant, give each a name of its own, or list the name under \`features.exclude\`.`,
    columns
      .filter(({ name }) => folded.has(name.toLowerCase()))
      .map(({ name }) => ({ where: say`name`, text: name })),
  );
}

function repeated(columns: readonly NamedColumn[]): DataFinding | undefined {
  const again = later(columns);
  if (again.length === 0) return undefined;
  return dataFinding(
    'column-name',
    say`${counted(again.length, 'column')} with the name of an earlier one: number ${numbered(again)} (upper and lower case count as the same).`,
    say`It would be a matter of chance which of them a model learns from.`,
    say`Give each column a name of its own, or list the name under \`features.exclude\`.`,
    // Without a line of names, they are values.
    again.map(({ name, place }) => ({ where: say`column ${place + 1}`, text: name })),
  );
}

function taken(columns: readonly NamedColumn[]): DataFinding | undefined {
  const own = columns
    .map(({ name }) => name.toLowerCase())
    .filter((name) => reserved.includes(name) || name.startsWith(aliasPrefix));
  if (own.length === 0) return undefined;
  return dataFinding(
    'column-name',
    say`${listed(own)} is a name that datasets use themselves.`,
    say`Each row of a dataset carries its hash, its side of the split and its label under names of its own.`,
    say`Rename the column.`,
  );
}

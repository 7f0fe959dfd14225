import { labelColumn, rowHashColumn, splitColumn } from '../datasets/row-hash.ts';
import { aliasPrefix } from '../datasets/sql.ts';
import { counted, listed, type Sentence, say } from '../sentence.ts';
import { maximumColumnName, maximumColumns } from './limits.ts';
import type { Problem } from './problem.schema.ts';
import { problem, UnacceptableFileError } from './problem.ts';

const reserved: readonly string[] = [rowHashColumn, splitColumn, labelColumn];

/**
 * The names as they are used: without spaces around them.
 * @throws UnacceptableFileError with everything that is wrong with them
 */
export function columnNames(found: readonly string[]): string[] {
  if (found.length > maximumColumns) throw new UnacceptableFileError([tooMany(found.length)]);
  const names = found.map((name) => name.trim());
  const problems = [withoutName(names), tooLong(names), repeated(names), taken(names)];
  const some = problems.filter((each) => each !== undefined);
  if (some.length > 0) throw new UnacceptableFileError(some);
  return names;
}

function tooMany(count: number): Problem {
  return problem(
    'column-count',
    say`The file has ${counted(count, 'column')}; at most ${counted(maximumColumns, 'column')} are accepted.`,
    say`So many columns are hardly ever features: usually the file is transposed, or one column per category was made.`,
    say`Drop the columns that the model does not need, or keep categories as one column: Tidemark encodes them itself.`,
  );
}

function withoutName(names: readonly string[]): Problem | undefined {
  const places = names.flatMap((name, index) => (name === '' ? [index + 1] : []));
  if (places.length === 0) return undefined;
  return problem(
    'column-name',
    say`${counted(places.length, 'column')} without a name: number ${numbered(places)}.`,
    say`A definition and a report refer to columns by name.`,
    say`Name the column, or leave it out; a nameless first column is often a pandas index (\`to_csv(index=False)\` omits it).`,
  );
}

/** `3, 7 and 9`: places, at most five of them. */
function numbered(places: readonly number[]): Sentence {
  const [first = 0, ...others] = places.slice(0, 5);
  return others.reduce<Sentence>((list, place) => say`${list}, ${place}`, say`${first}`);
}

function tooLong(names: readonly string[]): Problem | undefined {
  const long = names.filter(({ length }) => length > maximumColumnName);
  if (long.length === 0) return undefined;
  return problem(
    'column-name',
    say`${counted(long.length, 'column')} with a name of more than ${maximumColumnName} characters.`,
    say`Such a name is usually a row of data: the line with the names may be missing.`,
    say`Write short names of the columns as the first line.`,
    long.map((text) => ({ where: 'name', text })),
  );
}

function repeated(names: readonly string[]): Problem | undefined {
  const folded = names.map((name) => name.toLowerCase());
  const places = names.flatMap((name, index) =>
    name !== '' && folded.indexOf(name.toLowerCase()) < index ? [index + 1] : [],
  );
  if (places.length === 0) return undefined;
  return problem(
    'column-name',
    say`${counted(places.length, 'column')} with the name of an earlier one: number ${numbered(places)} (upper and lower case count as the same).`,
    say`It would be a matter of chance which of them a model learns from.`,
    say`Give each column a name of its own.`,
    // Without a line of names, they are values.
    places.map((place) => ({ where: `column ${place}`, text: names[place - 1] ?? '' })),
  );
}

function taken(names: readonly string[]): Problem | undefined {
  const own = names
    .map((name) => name.toLowerCase())
    .filter((name) => reserved.includes(name) || name.startsWith(aliasPrefix));
  if (own.length === 0) return undefined;
  return problem(
    'column-name',
    say`${listed(own)} is a name that datasets use themselves.`,
    say`Each row of a dataset carries its hash, its side of the split and its label under names of its own.`,
    say`Rename the column.`,
  );
}

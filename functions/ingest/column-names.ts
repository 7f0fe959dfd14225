import { labelColumn, rowHashColumn, splitColumn } from '../datasets/row-hash.ts';
import { maximumColumnName, maximumColumns } from './limits.ts';
import type { Problem } from './problem.schema.ts';
import { counted, listed, problem, UnacceptableFileError } from './problem.ts';

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
    `The file has ${counted(count, 'column')}; at most ${counted(maximumColumns, 'column')} are accepted.`,
    'So many columns are hardly ever features: usually the file is transposed, or one column per category was made.',
    'Drop the columns that the model does not need, or keep categories as one column: Tidemark encodes them itself.',
  );
}

function withoutName(names: readonly string[]): Problem | undefined {
  const places = names.flatMap((name, index) => (name === '' ? [index + 1] : []));
  if (places.length === 0) return undefined;
  return problem(
    'column-name',
    `${counted(places.length, 'column')} without a name: number ${places.slice(0, 5).join(', ')}.`,
    'A definition and a report refer to columns by name.',
    'Name the column, or leave it out; a nameless first column is often a pandas index (`to_csv(index=False)` omits it).',
  );
}

function tooLong(names: readonly string[]): Problem | undefined {
  const long = names.filter(({ length }) => length > maximumColumnName);
  if (long.length === 0) return undefined;
  return problem(
    'column-name',
    `${counted(long.length, 'column')} with a name of more than ${maximumColumnName} characters.`,
    'Such a name is usually a row of data: the line with the names may be missing.',
    'Write short names of the columns as the first line.',
    long.map((text) => ({ where: 'name', text })),
  );
}

function repeated(names: readonly string[]): Problem | undefined {
  const folded = names.map((name) => name.toLowerCase());
  const twice = names.filter((name, index) => name !== '' && folded.indexOf(name.toLowerCase()) < index);
  if (twice.length === 0) return undefined;
  return problem(
    'column-name',
    `The same name is used for more than one column: ${listed(twice)} (upper and lower case count as the same).`,
    'It would be a matter of chance which of them a model learns from.',
    'Give each column a name of its own.',
  );
}

function taken(names: readonly string[]): Problem | undefined {
  const own = names.filter((name) => reserved.includes(name.toLowerCase()));
  if (own.length === 0) return undefined;
  return problem(
    'column-name',
    `${listed(own)} is a name that datasets use themselves.`,
    'Each row of a dataset carries its hash, its side of the split and its label under these names.',
    'Rename the column.',
  );
}

import {
  type MissingColumn,
  type ReadLabels,
  type UnreadableLabelReason,
  unreadableLabelReasons,
} from './label-lines.ts';

/** Lines that are named; of more it is said how many. */
const namedLines = 5;

/** Lines of one file that are not labels, for one reason. */
export interface LabelProblem {
  readonly code: UnreadableLabelReason;
  readonly count: number;
  /** Numbers of the first of them, from 1; none where it is the file as a whole. */
  readonly lines: readonly number[];
  /** Columns that the file lacks. */
  readonly missing: readonly MissingColumn[];
}

/** Collects what is wrong with a file of labels, line by line; memory does not grow with it. */
export class LabelProblems {
  readonly #problems = new Map<
    UnreadableLabelReason,
    { count: number; lines: number[]; missing: readonly MissingColumn[] }
  >();

  /** @param line its number, or `null` for the file as a whole */
  add(code: UnreadableLabelReason, line: number | null, missing: readonly MissingColumn[] = []): void {
    const problem = this.#problems.get(code) ?? { count: 0, lines: [], missing };
    problem.count += 1;
    if (line !== null && problem.lines.length < namedLines) problem.lines.push(line);
    this.#problems.set(code, problem);
  }

  /** Notes a line that could not be read; passes over one that could. */
  note(read: ReadLabels, line: number): void {
    if (read.kind === 'unreadable') this.add(read.reason, line, read.missing);
  }

  list(): LabelProblem[] {
    return [...this.#problems].map(([code, problem]) => ({ code, ...problem }));
  }

  get count(): number {
    return this.list().reduce((sum, { count }) => sum + count, 0);
  }
}

/** What is wrong, where and what to do, in a sentence. Holds names of columns and numbers of lines, no values. */
export function labelProblemSentence({ code, count, lines, missing }: LabelProblem): string {
  const { what, remedy } = unreadableLabelReasons[code];
  const meant = missing.flatMap(({ column, meant: name }) =>
    name === null ? [] : [` Did you mean \`${column}\` by \`${name}\`?`],
  );
  const [only, ...others] = missing;
  const lacks = only?.meant === null && others.length === 0 ? ` Only \`${only.column}\` is missing.` : '';
  return `${whereOf(count, lines)}${what}.${lacks}${meant.join('')} ${remedy}`;
}

function whereOf(count: number, lines: readonly number[]): string {
  if (lines.length === 0) return '';
  const named = lines.join(', ');
  if (count === 1) return `Line ${named}: `;
  return count > lines.length ? `Lines ${named} and ${count - lines.length} more: ` : `Lines ${named}: `;
}

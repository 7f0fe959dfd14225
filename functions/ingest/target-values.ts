import type { Definition } from '../definition/definition.schema.ts';
import type { AcceptableFile, TargetSummary } from './file-result.schema.ts';
import type { Problem } from './problem.schema.ts';
import { counted, listed, problem } from './problem.ts';

/** More classes than this are hardly a question with several answers; and every class needs rows on each side of the split. */
const maximumClasses = 100;

/** The target over several files. */
export interface MergedTarget {
  /** Exact while every file's values are all kept; otherwise at least this many. */
  readonly distinct: number;
  readonly values: TargetSummary['values'];
  /** Rows that count as yes; `null` when the target has no such rule. */
  readonly positive: number | null;
  readonly rows: number;
}

/**
 * Values of the target that are counted at once, over all files. More than a model has classes, many times over: it is a number then, or
 * a mistake, and of the rarest of them nothing is said.
 */
const countedValues = 20 * (maximumClasses + 1);

/** Adds up the targets of files, in memory that does not grow with them. */
export class TargetTally {
  readonly #rowsOf = new Map<string, number>();
  #distinct = 0;
  #rows = 0;
  #positive: number | null = 0;

  add({ target, part }: Pick<AcceptableFile, 'target' | 'part'>): void {
    for (const { value, rows } of target.values)
      this.#rowsOf.set(value, (this.#rowsOf.get(value) ?? 0) + rows);
    this.#distinct = Math.max(this.#distinct, target.distinct, this.#rowsOf.size);
    this.#rows += part.rows;
    this.#positive =
      this.#positive === null || target.positive === null ? null : this.#positive + target.positive;
    if (this.#rowsOf.size > 2 * countedValues) this.#forgetRarest();
  }

  merged(): MergedTarget {
    return {
      distinct: this.#distinct,
      values: this.#byRows().slice(0, maximumClasses + 1),
      positive: this.#positive,
      rows: this.#rows,
    };
  }

  #forgetRarest(): void {
    for (const { value } of this.#byRows().slice(countedValues)) this.#rowsOf.delete(value);
  }

  #byRows(): TargetSummary['values'] {
    return [...this.#rowsOf]
      .map(([value, rows]) => ({ value, rows }))
      .sort((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1));
  }
}

/**
 * What makes the target useless to learn.
 * @param knownClasses the two classes that the model has had so far, for a binary target that is a column as it stands
 */
export function targetProblems(
  { problem: kind, target }: Pick<Definition, 'problem' | 'target'>,
  merged: MergedTarget,
  knownClasses: readonly string[] | undefined,
): Problem[] {
  const name = target.column;
  switch (kind) {
    case 'regression':
      return merged.distinct < 2 ? [constantTarget(name, merged)] : [];
    case 'multiclass':
      if (merged.distinct < 2) return [oneClass(name, onlyValue(merged))];
      return merged.distinct > maximumClasses ? [tooManyClasses(name, merged, maximumClasses)] : [];
    case 'binary':
      if (merged.positive !== null) return oneSided(name, merged);
      if (merged.distinct < 2) return [oneClass(name, onlyValue(merged))];
      if (merged.distinct > 2) return [tooManyClasses(name, merged, 2)];
      return otherClasses(name, merged, knownClasses);
  }
}

function onlyValue({ values: [only] }: MergedTarget): string {
  return `is \`${only?.value ?? ''}\` in every row`;
}

function oneSided(name: string, { positive, rows }: MergedTarget): Problem[] {
  if (positive === 0) return [oneClass(name, 'counts as no in every row')];
  return positive === rows ? [oneClass(name, 'counts as yes in every row')] : [];
}

function oneClass(name: string, what: string): Problem {
  return problem(
    'one-class',
    `The target \`${name}\` ${what}.`,
    'A model learns to tell classes apart; with only one there is nothing to tell.',
    'Drop data that has both kinds of rows together, or correct `target` in the definition.',
  );
}

function constantTarget(name: string, { values: [only] }: MergedTarget): Problem {
  return problem(
    'constant-target',
    `The target \`${name}\` is ${only?.value ?? 'the same'} in every row.`,
    'A number that never changes needs no model.',
    'Check the export, or correct `target` in the definition.',
  );
}

function tooManyClasses(name: string, { distinct, values }: MergedTarget, most: number): Problem {
  const remedy =
    most === 2
      ? 'Say what counts as yes: `target: { column, positive }` for a value, `target: { column, above }` for a number; or set `problem: multiclass`.'
      : 'For a number set `problem: regression`; otherwise group rare classes into one.';
  return problem(
    'too-many-classes',
    `The target \`${name}\` has ${counted(distinct, 'different value')} or more, such as ${listed(values.slice(0, 3).map(({ value }) => value))}.`,
    most === 2 ? 'A binary problem has two.' : `A multiclass problem has at most ${most} here.`,
    remedy,
  );
}

function otherClasses(
  name: string,
  { values }: MergedTarget,
  known: readonly string[] | undefined,
): Problem[] {
  const strange =
    known === undefined ? [] : values.map(({ value }) => value).filter((value) => !known.includes(value));
  if (known === undefined || strange.length === 0) return [];
  return [
    problem(
      'class-change',
      `The target \`${name}\` has ${listed(strange)}; so far its classes were ${listed(known)}.`,
      'A binary problem has two classes, and the dataset would have more.',
      'Write the classes as before, or say what counts as yes: `target: { column, positive }`.',
    ),
  ];
}

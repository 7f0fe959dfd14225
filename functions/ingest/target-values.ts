import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { unreachable } from '@tidemark/domain/errors.ts';
import {
  cell,
  code,
  counted,
  listedCells,
  reveal,
  type Sentence,
  say,
} from '@tidemark/statistics/sentence.ts';
import type { DataFinding, Example } from './data-finding.schema.ts';
import { dataFinding } from './data-finding.ts';
import type { AcceptableFile, TargetSummary } from './file-result.schema.ts';

/** More classes than this are hardly a question with several answers; and every class needs rows on each side of the split. */
const maximumClasses = 100;

/** As many values of a binary target are few enough to be looked at one by one. */
const fewValues = 10;

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
export function targetFindings(
  { problem: kind, target }: Pick<Definition, 'problem' | 'target'>,
  merged: MergedTarget,
  knownClasses: readonly string[] | undefined,
): DataFinding[] {
  const name = target.column;
  switch (kind) {
    case 'regression':
      return merged.distinct < 2 ? [constantTarget(name, merged)] : [];
    case 'multiclass':
      if (merged.distinct < 2) return [oneClass(name, say`has the same value in every row`, merged)];
      return merged.distinct > maximumClasses ? [tooManyClasses(name, merged, maximumClasses)] : [];
    case 'binary':
      if (merged.positive !== null) return oneSided(target, merged);
      if (merged.distinct < 2) return [oneClass(name, say`has the same value in every row`, merged)];
      if (merged.distinct > 2) return [tooManyClasses(name, merged, 2)];
      return otherClasses(name, merged, knownClasses);
    default:
      return unreachable(kind);
  }
}

function oneSided(target: Definition['target'], merged: MergedTarget): DataFinding[] {
  const name = target.column;
  if (merged.positive === 0 && 'positive' in target) return [neverPositive(target, merged)];
  if (merged.positive === 0) return [oneClass(name, say`counts as no in every row`, merged)];
  const twins = 'positive' in target ? twinsOf(target.positive, merged.values) : [];
  if (twins.length > 0) return [positiveTwins(name, twins, merged)];
  return merged.positive === merged.rows ? [oneClass(name, say`counts as yes in every row`, merged)] : [];
}

function oneClass(name: string, what: Sentence, { values }: MergedTarget): DataFinding {
  return dataFinding(
    'one-class',
    say`The target ${code(name)} ${what}.`,
    say`A model learns to tell classes apart; with only one there is nothing to tell.`,
    say`Drop data that has both kinds of rows together, or correct \`target\` in the definition.`,
    valuesOf(values),
  );
}

/** No row has the value that counts as yes; the definition may spell it in another way than the data do. */
function neverPositive(
  { column, positive }: { column: string; positive: string },
  { values }: MergedTarget,
): DataFinding {
  const alike = values.find(({ value }) => folded(value) === folded(positive));
  const is = reveal`\`positive\` is ${cell(positive)}; the values are ${listedCells(values.map(({ value }) => value))}.`;
  return dataFinding(
    'one-class',
    say`The target ${code(column)} counts as no in every row: none has the value of \`target.positive\`.`,
    say`A model learns to tell classes apart; with only one there is nothing to tell.`,
    alike === undefined
      ? say`Drop data that has both kinds of rows together, or correct \`target.positive\` in the definition.`
      : say`Write \`target.positive\` as the data do: upper and lower case and blanks count.`,
    {
      shown: alike === undefined ? is : reveal`${is} Did you mean ${cell(alike.value)}?`,
      examples: valuesOf(values),
    },
  );
}

/** Values that read like the one that counts as yes, and would count as no. */
function twinsOf(positive: string, values: TargetSummary['values']): string[] {
  return values
    .map(({ value }) => value)
    .filter((value) => value !== positive && folded(value) === folded(positive));
}

function positiveTwins(name: string, twins: readonly string[], { values }: MergedTarget): DataFinding {
  return dataFinding(
    'target-spelling',
    say`The target ${code(name)} has ${counted(twins.length, 'value')} that differ${twins.length === 1 ? 's' : ''} from \`target.positive\` in case, blanks or invisible characters only.`,
    say`Such a row would count as no.`,
    say`Write yes in one way in every row; if another answer is meant, give it another name.`,
    { shown: reveal`Look at ${listedCells(twins)}.`, examples: valuesOf(values) },
  );
}

/** Values that differ in nothing else are hardly meant to be two. */
function folded(value: string): string {
  return value
    .normalize('NFC')
    .replaceAll(/\p{Cf}/gu, '')
    .trim()
    .toLowerCase();
}

/** What two classes have in common that are hardly meant to be two: as `folded`, and numbers by their value. */
export function alikeClass(value: string): string {
  const text = folded(value);
  return /^[-+]?\d{1,15}([.]\d*)?$/.test(text) ? String(Number(text)) : text;
}

/** How people write that they do not know. */
const unknownWord = /^(?:none|null|nil|nan|n\/?a|#n\/a|unknown|unk|missing|undefined|not available)$/i;

/** Values of which another differs in case or blanks only, those of a single row, and those that mean "unknown". */
function doubtful(values: TargetSummary['values']): string[] {
  const spellings = new Map<string, number>();
  for (const { value } of values) spellings.set(folded(value), (spellings.get(folded(value)) ?? 0) + 1);
  return values
    .filter(
      ({ value, rows }) =>
        (spellings.get(folded(value)) ?? 0) > 1 ||
        rows === 1 ||
        /^[^\p{L}\p{N}]*$/u.test(value) ||
        unknownWord.test(value.trim()),
    )
    .map(({ value }) => value);
}

function constantTarget(name: string, { values }: MergedTarget): DataFinding {
  return dataFinding(
    'constant-target',
    say`The target ${code(name)} is the same in every row.`,
    say`A number that never changes needs no model.`,
    say`Check the export, or correct \`target\` in the definition.`,
    valuesOf(values),
  );
}

function tooManyClasses(name: string, { distinct, values }: MergedTarget, most: number): DataFinding {
  const remedy =
    most === 2
      ? say`Say what counts as yes: \`target: { column, positive }\` for a value, \`target: { column, above }\` for a number; or set \`problem: multiclass\`.`
      : say`For a number set \`problem: regression\`; otherwise group rare classes into one.`;
  // Said to count as no, a misspelt yes would be one without a word.
  const strays = most === 2 && values.length <= fewValues ? doubtful(values) : [];
  const isMend = strays.length > 0 && strays.length < values.length;
  return dataFinding(
    'too-many-classes',
    say`The target ${code(name)} has ${counted(distinct, 'different value')}${values.length < distinct || distinct > maximumClasses ? ' or more' : ''}.`,
    most === 2 ? say`A binary problem has two.` : say`A multiclass problem has at most ${most} here.`,
    isMend
      ? say`Correct the values that differ in case or blanks only, that hardly occur or that say that nothing is known, or leave them blank, which means unknown. If they are meant: ${remedy}`
      : remedy,
    isMend
      ? { shown: reveal`Look at ${listedCells(strays)}.`, examples: valuesOf(values) }
      : valuesOf(values),
  );
}

function otherClasses(
  name: string,
  { values }: MergedTarget,
  known: readonly string[] | undefined,
): DataFinding[] {
  const strange =
    known === undefined ? [] : values.map(({ value }) => value).filter((value) => !known.includes(value));
  if (known === undefined || strange.length === 0) return [];
  return [
    dataFinding(
      'class-change',
      say`The target ${code(name)} has ${counted(strange.length, 'value')} that it did not have so far.`,
      say`A binary problem has two classes, and the dataset would have more.`,
      say`Write the classes as before, or say what counts as yes: \`target: { column, positive }\`.`,
      { shown: reveal`New: ${listedCells(strange)}. So far: ${listedCells(known)}.` },
    ),
  ];
}

/** The most frequent values, for those who may see them. */
function valuesOf(values: TargetSummary['values']): readonly Example[] {
  return values.map(({ value, rows }) => ({ where: counted(rows, 'row'), text: value }));
}

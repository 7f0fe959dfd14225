import { canonicalText } from '@tidemark/domain/datasets/row-hash.ts';
import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { InvalidInputError } from '@tidemark/domain/errors.ts';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { identifier, literal } from '@tidemark/statistics/tables/sql.ts';
import * as z from 'zod';

/** The target cannot be predicted as the definition says. */
export class UnusableTargetError extends InvalidInputError {
  override readonly name = 'UnusableTargetError';
}

/** A class that the training split has no name for. */
export const unknownClass = -1;

/** As many classes as ingest accepts. */
export const maximumClasses = 100;

/** How a target becomes a label: the number that the model is trained on. */
export interface Labelling {
  /** SQL for the label of a row, a DOUBLE: the number itself, or the index of the class, `unknownClass` if it has none. */
  readonly sql: string;
  /** Names of the classes in the order of their indices; empty for regression. */
  readonly classes: readonly string[];
  /** A number above which the answer is yes; `null` if the target is no such number. */
  readonly above: number | null;
  /** Values that count as no, the most frequent, where there are several. */
  readonly others?: readonly string[];
}

/** A value of the target in the training split. `text` is its canonical spelling. */
export const targetValueSchema = z.object({ text: z.string(), rows: z.number() });
export type TargetValue = z.infer<typeof targetValueSchema>;

/**
 * SQL that lists the target's values in the training split, most frequent first, one more than there may be classes. The one that
 * counts as yes is never cut off, however rare.
 */
export function targetValuesQuery(
  rows: string,
  target: Column,
  { target: wanted }: Pick<Definition, 'target'>,
): string {
  const counted = `SELECT ${canonicalText(target)} AS text, count(*)::DOUBLE AS rows FROM (${rows}) WHERE _split = 'train' GROUP BY 1`;
  const first = 'positive' in wanted ? `text = ${literal(wanted.positive)} DESC, ` : '';
  return `SELECT text, rows FROM (${counted}) ORDER BY ${first}rows DESC, text LIMIT ${maximumClasses + 1}`;
}

/**
 * Decides how the target becomes a label.
 * @param values the target's values in the training split; not looked at for regression and `above`
 * @throws UnusableTargetError
 */
export function labelling(
  { problem, target: wanted }: Pick<Definition, 'problem' | 'target'>,
  target: Column,
  values: readonly TargetValue[],
): Labelling {
  const column = identifier(target.name);
  if (problem === 'regression') return { sql: `CAST(${column} AS DOUBLE)`, classes: [], above: null };
  if ('above' in wanted) return aboveLabelling(column, wanted.above);
  if ('positive' in wanted) return positiveLabelling(target, wanted.positive, values);
  const classes = inOrder(target, values);
  if (problem === 'binary' && classes.length !== 2) throw notBinary(target, classes);
  if (classes.length < 2) throw oneClass(target);
  if (classes.length > maximumClasses) throw tooManyClasses(target);
  return { sql: indexOf(target, classes), classes, above: null };
}

function aboveLabelling(column: string, above: number): Labelling {
  return {
    sql: `CASE WHEN ${column} > CAST(${literal(String(above))} AS DOUBLE) THEN 1::DOUBLE ELSE 0::DOUBLE END`,
    classes: [`at most ${above}`, `above ${above}`],
    above,
  };
}

function positiveLabelling(target: Column, positive: string, values: readonly TargetValue[]): Labelling {
  const others = values.filter(({ text }) => text !== positive);
  const [other] = others;
  if (others.length === values.length || other === undefined) {
    throw new UnusableTargetError(
      `The training rows' ${target.name} ${other === undefined ? 'is always' : 'is never'} ${positive}, so there is nothing to tell apart. ` +
        `Correct target.positive${hint(positive, others)}, or feed rows of both kinds.`,
    );
  }
  return {
    sql: `CASE WHEN ${canonicalText(target)} = ${literal(positive)} THEN 1::DOUBLE ELSE 0::DOUBLE END`,
    classes: [others.length === 1 ? other.text : `not ${positive}`, positive],
    above: null,
    ...(others.length > 1 ? { others: others.map(({ text }) => text) } : {}),
  };
}

/** Numbers by size, everything else by code units: the order must not depend on how often a class occurs. */
function inOrder(target: Column, values: readonly TargetValue[]): string[] {
  const texts = values.map(({ text }) => text);
  return target.type === 'integer' || target.type === 'number'
    ? texts.toSorted((a, b) => Number(a) - Number(b))
    : texts.toSorted();
}

function indexOf(target: Column, classes: readonly string[]): string {
  const list = `[${classes.map(literal).join(', ')}]`;
  // list_position counts from 1 and gives NULL for what is not in the list.
  return `CAST(coalesce(list_position(${list}, ${canonicalText(target)}) - 1, ${unknownClass}) AS DOUBLE)`;
}

function notBinary({ name }: Column, classes: readonly string[]): UnusableTargetError {
  if (classes.length < 2) return oneClass({ name });
  return new UnusableTargetError(
    `The target ${name} has more than two values in the training rows (${classes.length}), but the problem is binary. ` +
      'Say which counts as yes with target.positive (or target.above for a number), or write problem: multiclass.',
  );
}

function oneClass({ name }: Pick<Column, 'name'>): UnusableTargetError {
  return new UnusableTargetError(
    `All training rows have the same ${name}, so there is nothing to learn. Feed rows of other classes too.`,
  );
}

function tooManyClasses({ name }: Column): UnusableTargetError {
  return new UnusableTargetError(
    `The target ${name} has more than ${maximumClasses} values in the training rows, too many for classes. ` +
      'Write problem: regression if it is a number, or group its values.',
  );
}

/** Says that a value differs by case alone, without saying the value: messages of functions go into events and logs. */
function hint(positive: string, others: readonly TargetValue[]): string {
  const twin = others.some(({ text }) => text.trim().toLowerCase() === positive.trim().toLowerCase());
  return twin ? ' (a value of the data differs from it by upper and lower case alone)' : '';
}

import { trimmed } from '@tidemark/statistics/tables/blanks.ts';
import { readNumber } from '@tidemark/statistics/tables/read-number.ts';
import type { Encoding } from '../datasets/encoding.schema.ts';
import type { LabelValue } from './labels.schema.ts';

/**
 * A label as the model was trained on it: the number itself, or the index of its class. A class is named as the data has it: `SFO`,
 * `1`, `true`. Where the positive class is what is above a number, the label is that number, or the class's name (`above 15`). Where one
 * value counts as yes and several as no, it is any of them.
 * @returns `null` for what is neither, such as a class that training did not know
 */
export function labelNumber({ problem, target }: Encoding, label: LabelValue): number | null {
  const number = numberOf(label);
  if (problem === 'regression') return number;
  const index = classIndex(target.classes, label);
  if (index !== null) return index;
  if (otherOf(target, label) !== undefined) return 0;
  return target.above === null || number === null ? null : Number(number > target.above);
}

/** The value that a label names among several that count as no. */
export function otherOf({ others = [] }: Encoding['target'], label: LabelValue): string | undefined {
  const index = classIndex(others, label);
  return index === null ? undefined : others[index];
}

/**
 * The class that a label names. Each rule is asked of both sides alike, the strictest first, and holds only if one class fits: the same
 * text; the same but for case and blanks around it; the same number (`1.0` is `1`); the same truth (`true` is `1`), where two classes are
 * truth values.
 */
export function classIndex(classes: readonly string[], label: LabelValue): number | null {
  for (const rule of rules) {
    const wanted = rule(label, classes);
    if (wanted === undefined) continue;
    const fitting = classes.flatMap((name, index) => (rule(name, classes) === wanted ? [index] : []));
    const [first] = fitting;
    if (first !== undefined) return fitting.length === 1 ? first : null;
  }
  return null;
}

type Rule = (value: LabelValue, classes: readonly string[]) => string | number | undefined;

const rules: readonly Rule[] = [
  (value) => String(value),
  (value) => foldedText(value),
  (value) => numberOf(value) ?? undefined,
  (value, classes) => (classes.length === 2 && classes.every(isTruth) ? truthOf(value) : undefined),
];

function foldedText(value: LabelValue): string {
  return trimmed(String(value)).toLowerCase();
}

function truthOf(value: LabelValue): number | undefined {
  const text = foldedText(value);
  if (text === 'true' || text === 'false') return Number(text === 'true');
  const number = numberOf(value);
  return number === 0 || number === 1 ? number : undefined;
}

function isTruth(name: string): boolean {
  return truthOf(name) !== undefined;
}

/** The number that a label is; `null`: none. */
export function numberOf(label: LabelValue): number | null {
  if (typeof label === 'boolean') return null;
  const number = typeof label === 'number' ? label : readNumber(trimmed(label));
  return number !== undefined && Number.isFinite(number) ? number : null;
}

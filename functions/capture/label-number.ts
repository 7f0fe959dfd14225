import type { Encoding } from '../datasets/encoding.schema.ts';
import type { LabelValue } from './labels.schema.ts';

/**
 * A label as the model was trained on it: the number itself, or the index of its class. A class is named as the data has it: `SFO`,
 * `1`, `true`. Where the positive class is what is above a number, the label is that number, or the class's name (`above 15`).
 * @returns `null` for what is neither, such as a class that training did not know
 */
export function labelNumber({ problem, target }: Encoding, label: LabelValue): number | null {
  const number = numberOf(label);
  if (problem === 'regression') return number;
  const index = classIndex(target.classes, label, number);
  if (index !== -1) return index;
  return target.above === null || number === null ? null : Number(number > target.above);
}

/** By name, or else by what the name stands for: `1.0` is `1`, and `True` is `true`. */
function classIndex(classes: readonly string[], label: LabelValue, number: number | null): number {
  const exact = classes.indexOf(String(label));
  if (exact !== -1 || number === null) {
    return exact !== -1 ? exact : classes.indexOf(String(label).toLowerCase());
  }
  return classes.findIndex((name) => name !== '' && Number(name) === number);
}

/** Decimal as Python, JavaScript and JSON print it. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function numberOf(label: LabelValue): number | null {
  if (typeof label === 'boolean') return null;
  const number = typeof label === 'number' || decimal.test(label.trim()) ? Number(label) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

import { classIndex, labelNumber, numberOf } from '../capture/label-number.ts';
import type { LabelValue } from '../capture/labels.schema.ts';
import type { RawRecord } from '../capture/monitored.schema.ts';
import type { Encoding } from '../datasets/encoding.schema.ts';

/** What a field of a row may be: JSON Lines that ingest takes are flat. */
export type Field = string | number | boolean | null;

/**
 * What was sent for a prediction as a row of the data, but for the target: the dataset's columns and no others, in its order, as a row
 * that lacks or adds a column would be rejected. What was not sent is missing, as it was for the prediction.
 */
export function feedbackRow(
  columns: readonly string[],
  target: string,
  record: RawRecord,
): Record<string, Field> {
  const names = columns.filter((name) => name !== target);
  return Object.fromEntries(
    names.map((name) => [name, Object.hasOwn(record, name) ? fieldOf(record[name]) : null]),
  );
}

function fieldOf(value: unknown): Field {
  const isField = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isField ? value : null;
}

/**
 * A label as a value of the target's column: the number itself, or the name of the class as the data has it. Where the positive class
 * is what is above a number, it takes that number: from a class's name it could not be told.
 * @returns `undefined` for what the target cannot be
 */
export function feedbackTarget(encoding: Encoding, label: LabelValue): Field | undefined {
  const { problem, target } = encoding;
  const number = labelNumber(encoding, label);
  if (target.above !== null) {
    return classIndex(target.classes, label) === null ? (numberOf(label) ?? undefined) : undefined;
  }
  if (problem === 'regression') return number ?? undefined;
  if (number !== null) return target.classes[number];
  // A class that the live version has never seen is news to learn; of two classes there is no third.
  return problem === 'multiclass' ? String(label) : undefined;
}

/** The line of a file that ingest reads. */
export function feedbackLine(row: string, target: string, value: Field): string {
  const field = `${JSON.stringify(target)}:${JSON.stringify(value)}`;
  return row === '{}' ? `{${field}}\n` : `${row.slice(0, -1)},${field}}\n`;
}

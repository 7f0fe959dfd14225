import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { readFeature } from '@tidemark/domain/datasets/encoding.ts';
import { classIndex, labelNumber, numberOf, otherOf } from '@tidemark/domain/labels/label-number.ts';
import type { LabelValue } from '@tidemark/domain/labels/labels.schema.ts';
import type { RawRecord } from '@tidemark/domain/windows/monitored.schema.ts';
import { trimmed } from '@tidemark/statistics/tables/blanks.ts';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { type ColumnVocabulary, readJsonValue } from '@tidemark/statistics/tables/read-value.ts';

/** What a field of a row may be: JSON Lines that ingest takes are flat. */
export type FeedbackField = string | number | boolean | null;

/** A column of the dataset, with how its values are spelled. */
export type FeedbackColumn = Column & ColumnVocabulary;

/**
 * What was sent for a prediction as a row of the data, but for the target: the dataset's columns and no others, in its order, as a row
 * that lacks or adds a column would be rejected. Each value is as ingest will read it: what was missing for the prediction is missing,
 * and so is what its column's type does not allow, for which ingest would reject the whole file.
 * @param encoding of the live version
 */
export function feedbackRow(
  columns: readonly FeedbackColumn[],
  encoding: Encoding,
  record: RawRecord,
): Record<string, FeedbackField> {
  const used = columns.filter(({ name }) => name !== encoding.target.column);
  return Object.fromEntries(
    used.map((column) => [
      column.name,
      Object.hasOwn(record, column.name) ? fieldOf(column, encoding, record[column.name]) : null,
    ]),
  );
}

function fieldOf(column: FeedbackColumn, { features }: Encoding, raw: unknown): FeedbackField {
  const feature = features.find((each) => each.kind === 'category' && each.column === column.name);
  if (column.type === 'string' && feature !== undefined) {
    const read = readFeature(feature, raw);
    return read.kind === 'value' || read.kind === 'unknown-category' ? String(read.value) : null;
  }
  const read = readJsonValue(column.type, raw, column);
  if (read.kind !== 'value') return null;
  if (column.type === 'string' || column.type === 'boolean') return rawOf(read.value);
  // As it was sent: a time has microseconds, and a whole number more digits than a double.
  return typeof raw === 'string' ? trimmed(raw) : rawOf(raw);
}

function rawOf(value: unknown): FeedbackField {
  const isField = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isField ? value : null;
}

/**
 * A label as a value of the target's column: the number itself, or the name of the class as the data has it. Where the positive class
 * is what is above a number, it takes that number: from a class's name it could not be told.
 * @returns `undefined` for what the target cannot be
 */
export function feedbackTarget(encoding: Encoding, label: LabelValue): FeedbackField | undefined {
  const { problem, target } = encoding;
  const number = labelNumber(encoding, label);
  if (target.above !== null) {
    return classIndex(target.classes, label) === null ? (numberOf(label) ?? undefined) : undefined;
  }
  if (problem === 'regression') return number ?? undefined;
  if (number !== null) return otherOf(target, label) ?? target.classes[number];
  // A class that the live version has never seen is news to learn; of two classes there is no third.
  return problem === 'multiclass' ? String(label) : undefined;
}

/** The line of a file that ingest reads. @param row `feedbackRow` as JSON text @param value of the target, likewise */
export function feedbackLine(row: string, target: string, value: string): string {
  const field = `${JSON.stringify(target)}:${value}`;
  return row === '{}' ? `{${field}}\n` : `${row.slice(0, -1)},${field}}\n`;
}

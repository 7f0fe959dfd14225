import { missingSpellings } from '@tidemark/statistics/tables/missing-values.ts';
import { isMissingText } from '@tidemark/statistics/tables/read-value.ts';
import type { Encoding } from '../datasets/encoding.schema.ts';
import { closest } from '../definition/closest.ts';
import { lineInferenceId } from '../endpoints/inference-ids.ts';
import { groundTruthSchema, type Label, labelValueSchema } from './labels.schema.ts';
import { type SeparatedCell, separatedCells } from './separated-fields.ts';

/** Why a line of a file of labels is not a label, as a clause, and what to do. */
export const unreadableLabelReasons = {
  'no-header': {
    what: 'the first line does not name the columns `inference_id` and `label`',
    remedy: 'Begin the file with a line that names them, or write JSON Lines with these two fields.',
  },
  'two-columns': {
    what: 'two columns or fields are named like `inference_id`, or like `label`',
    remedy: 'Keep the one that is meant, and give the other a name of its own.',
  },
  'not-text': {
    what: 'the file is not text in UTF-8: a workbook, Parquet, UTF-16 or the like',
    remedy: 'Save it as CSV in UTF-8.',
  },
  'json-array': {
    what: 'the file is one JSON array',
    remedy: 'Write one JSON object a line, without brackets and commas around them.',
  },
  'not-json': { what: 'the line is not JSON, or is truncated', remedy: 'Write one JSON object a line.' },
  'no-fields': {
    what: 'the object does not have the fields `inference_id` and `label`',
    remedy: 'Name them so.',
  },
  'not-a-label': {
    what: 'the line has no inference id, or a label that is not one value',
    remedy:
      'Write the inference id that the prediction was answered with, and its label, a text, number or truth value.',
  },
  'wrong-fields': {
    what: 'the line does not have as many fields as the header, or its quotes do not match',
    remedy:
      'Write as many fields as the header has, put those that hold the separator in quotes, and break no line within a field.',
  },
  'not-csv': { what: 'the line of ground truth is not CSV', remedy: 'Encode its data as CSV or BASE64.' },
  'too-long': { what: 'the line has more than 16 MiB', remedy: 'End each label with a line feed.' },
  'broken-object': { what: 'the packed file is damaged or truncated', remedy: 'Upload it again.' },
  gone: { what: 'the file was deleted before it was read', remedy: 'Upload it again.' },
} as const;
export type UnreadableLabelReason = keyof typeof unreadableLabelReasons;

/** The two columns that a file of labels must name. */
export type LabelColumn = 'inference_id' | 'label';

/** A column that a file lacks, and which of its own was probably meant. Names of columns, never values: a header is one that is near. */
export interface MissingColumn {
  readonly column: LabelColumn;
  readonly meant: string | null;
}

/** What one line of a file holds: labels (several in ground truth of a request of several rows), or why none. */
export type ReadLabels =
  | {
      readonly kind: 'labels';
      readonly labels: readonly Label[];
      /** Predictions that it names without a label: not labelled yet. */
      readonly notYet: number;
    }
  | {
      readonly kind: 'unreadable';
      readonly reason: UnreadableLabelReason;
      readonly missing: readonly MissingColumn[];
    };

const separators = [',', ';', '\t', '|'] as const;
const none: ReadLabels = { kind: 'labels', labels: [], notYet: 0 };
const unreadable = (reason: UnreadableLabelReason, missing: readonly MissingColumn[] = []): ReadLabels => ({
  kind: 'unreadable',
  reason,
  missing,
});

/**
 * Reads a file of labels line by line, from its first: CSV with a header that names `inference_id` and `label` (comma, semicolon, tab or
 * bar; other columns are ignored), JSON Lines with those fields, or SageMaker's ground truth. A file is known by its content; names are
 * taken in any case, with or without underscores, hyphens and blanks (`inferenceId`). Above the first line may be comments (`#`) and
 * Excel's `sep=;`. Never throws: a line that cannot be read is told from the others; a blank one, also of separators only, is none.
 */
export class LabelLines {
  readonly #spelling: Spelling;
  #format: LineFormat | undefined;

  /** @param spelling how the data spell the target, as far as it is known: a missing label is spelled likewise */
  constructor(spelling?: Spelling) {
    this.#spelling = spelling;
  }

  read(text: string): ReadLabels {
    if (this.#format) return isBlank(text) ? none : this.#format(text);
    const first = text.replace(/^\uFEFF/, '');
    if (isBlank(first) || isPreamble(first)) return none;
    const start = first.trimStart();
    if (isForeign(first)) {
      this.#format = () => unreadable('not-text');
      return unreadable('not-text');
    }
    if (start.startsWith('{')) {
      this.#format = (line) => readJson(line, this.#spelling);
      return this.#format(first);
    }
    if (start.startsWith('[')) {
      this.#format = () => unreadable('json-array');
      return unreadable('json-array');
    }
    const format = csvFormat(first, this.#spelling);
    // Without a header no line can be understood: each is told.
    this.#format = format ?? (() => unreadable('no-header'));
    if (format === ambiguous) return ambiguous(first);
    return format ? none : unreadable('no-header', missingIn(namesOf(first)));
  }
}

type LineFormat = (text: string) => ReadLabels;
type Spelling = Encoding['target']['spelling'];

function isBlank(text: string): boolean {
  return /^[\s,;|\uFEFF]*$/.test(text);
}

/** Bytes that no text in UTF-8 has, or the first ones of archives and Parquet. */
function isForeign(text: string): boolean {
  return /[\0\uFFFD]/.test(text) || ['PK\u0003', 'PAR1'].some((start) => text.startsWith(start));
}

function isPreamble(text: string): boolean {
  return /^\s*(#|"?sep=)/i.test(text);
}

/** `Inference ID`, `inference-id` and `inferenceId` are one name. */
function folded(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[-_\s]/g, '');
}

const idName = folded('inference_id');
const labelName = folded('label');

function csvFormat(header: string, spelling: Spelling): LineFormat | undefined {
  for (const separator of separators) {
    const names = separatedCells(header, separator)?.map(({ text }) => folded(text)) ?? [];
    const [id, label] = [names.indexOf(idName), names.indexOf(labelName)];
    if (id === -1 || label === -1) continue;
    if (isAmbiguous(names)) return ambiguous;
    return (text) => {
      const cells = separatedCells(text, separator);
      if (cells?.length !== names.length) return unreadable('wrong-fields');
      const truth = cells[label];
      return labelOf(cells[id]?.text, truth === undefined || isMissing(truth, spelling) ? null : truth.text);
    };
  }
  return undefined;
}

/** Of a file whose header names a column twice: no line can be understood. */
const ambiguous: LineFormat = () => unreadable('two-columns');

/** Which of two is meant would be a guess. */
function isAmbiguous(names: readonly string[]): boolean {
  return (
    names.lastIndexOf(idName) !== names.indexOf(idName) ||
    names.lastIndexOf(labelName) !== names.indexOf(labelName)
  );
}

/** As in files of data: in quotes all but the empty text are text. */
function isMissing({ text, isQuoted }: SeparatedCell, spelling: Spelling): boolean {
  const spelled: readonly string[] = missingSpellings;
  return isMissingLabel(text, spelling) || (!isQuoted && spelled.includes(text.trim()));
}

function isMissingLabel(text: string, spelling: Spelling): boolean {
  return isMissingText(spelling?.type ?? 'string', text.trim(), spelling);
}

/** The names that a header may have, by the separator that gives the most. */
function namesOf(header: string): string[] {
  const read = separators.map(
    (separator) => separatedCells(header, separator)?.map(({ text }) => text) ?? [],
  );
  return read.reduce((most, names) => (names.length > most.length ? names : most), []);
}

function missingIn(names: readonly string[]): MissingColumn[] {
  const columns: readonly LabelColumn[] = ['inference_id', 'label'];
  const known = new Set(names.map(folded));
  return columns
    .filter((column) => !known.has(folded(column)))
    .map((column) => ({ column, meant: names.find((name) => isMeant(name, column)) ?? null }));
}

/** A name that is like it but for a slip or two: an id, which a file without names begins with, is not. */
function isMeant(name: string, column: LabelColumn): boolean {
  return /^[\p{L}_ -]+$/u.test(name) && closest(name, ['inference_id', 'label']) === column;
}

function readJson(text: string, spelling: Spelling): ReadLabels {
  const json = parseJson(text);
  if (json === undefined) return unreadable('not-json');
  const truth = groundTruthSchema.safeParse(json);
  if (truth.success) return readGroundTruth(truth.data);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return unreadable('no-fields');
  const fields = Object.entries(json);
  if (isAmbiguous(Object.keys(json).map(folded))) return unreadable('two-columns');
  const id = fields.find(([name]) => folded(name) === idName);
  const label = fields.find(([name]) => folded(name) === labelName);
  if (!id || !label) return unreadable('no-fields', missingIn(Object.keys(json)));
  const [, value] = label;
  const isValue = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return labelOf(id[1], isValue && isMissingLabel(String(value), spelling) ? null : value);
}

function readGroundTruth({
  groundTruthData,
  eventMetadata,
}: {
  groundTruthData: { data: string; encoding: string };
  eventMetadata: { eventId: string };
}): ReadLabels {
  const data = csvOf(groundTruthData);
  if (data === undefined) return unreadable('not-csv');
  const rows = data.trim().split(/\r?\n/);
  if (rows.some((row) => row.trim() === '')) return unreadable('not-a-label');
  const labels = rows.map((row, index) => ({
    inferenceId: lineInferenceId(eventMetadata.eventId, index, rows.length),
    label: row.trim(),
  }));
  return { kind: 'labels', labels, notYet: 0 };
}

/** @param value `null`: not labelled yet */
function labelOf(id: unknown, value: unknown): ReadLabels {
  const inferenceId = typeof id === 'number' ? String(id) : typeof id === 'string' ? id.trim() : '';
  if (inferenceId === '') return unreadable('not-a-label');
  if (value === null) return { kind: 'labels', labels: [], notYet: 1 };
  const label = labelValueSchema.safeParse(typeof value === 'string' ? value.trim() : value);
  return label.success
    ? { kind: 'labels', labels: [{ inferenceId, label: label.data }], notYet: 0 }
    : unreadable('not-a-label');
}

function csvOf({ data, encoding }: { data: string; encoding: string }): string | undefined {
  if (encoding === 'CSV') return data;
  return encoding === 'BASE64' ? Buffer.from(data, 'base64').toString('utf8') : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

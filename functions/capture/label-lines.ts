import { lineInferenceId } from '../endpoints/inference-ids.ts';
import { groundTruthSchema, type Label, labelLineSchema } from './labels.schema.ts';
import { separatedFields } from './separated-fields.ts';

/** Why a line of a file of labels is no label. */
export const unreadableLabelReasons = {
  'no-header': 'the file is not CSV with the columns inference_id and label, and not JSON Lines',
  'not-json': 'a line is not JSON, or breaks off',
  'not-a-label': 'a line has no inference_id or no label',
  'not-csv': 'a line of ground truth is not CSV',
} as const;
export type UnreadableLabelReason = keyof typeof unreadableLabelReasons;

/** What one line of a file holds: labels (several in ground truth of a request of several rows), or why none. */
export type ReadLabels =
  | { readonly kind: 'labels'; readonly labels: readonly Label[] }
  | { readonly kind: 'unreadable'; readonly reason: UnreadableLabelReason };

const separators = [',', ';', '\t', '|'] as const;
const none: ReadLabels = { kind: 'labels', labels: [] };
const unreadable = (reason: UnreadableLabelReason): ReadLabels => ({ kind: 'unreadable', reason });

/**
 * Reads a file of labels line by line, from its first: CSV with a header that names `inference_id` and `label` (comma, semicolon, tab or
 * bar; other columns are ignored), JSON Lines with those fields, or SageMaker's ground truth. A file is known by its content. Never
 * throws: a line that cannot be read is told from the others.
 */
export class LabelLines {
  #format: LineFormat | undefined;

  read(text: string): ReadLabels {
    if (this.#format) return this.#format(text);
    const first = text.replace(/^\uFEFF/, '');
    if (first.trimStart().startsWith('{')) {
      this.#format = readJson;
      return readJson(first);
    }
    const format = csvFormat(first);
    // Without a header no line can be understood: each is told.
    this.#format = format ?? (() => unreadable('no-header'));
    return format ? none : unreadable('no-header');
  }
}

type LineFormat = (text: string) => ReadLabels;

function csvFormat(header: string): LineFormat | undefined {
  for (const separator of separators) {
    const names = separatedFields(header, separator)?.map((name) => name.trim().toLowerCase()) ?? [];
    const [id, label] = [names.indexOf('inference_id'), names.indexOf('label')];
    if (id === -1 || label === -1) continue;
    return (text) => {
      const fields = separatedFields(text, separator);
      const parsed = labelLineSchema.safeParse({ inference_id: fields?.[id], label: fields?.[label] });
      return fields?.length === names.length && parsed.success
        ? { kind: 'labels', labels: [labelOf(parsed.data)] }
        : unreadable('not-a-label');
    };
  }
  return undefined;
}

function readJson(text: string): ReadLabels {
  const json = parseJson(text);
  if (json === undefined) return unreadable('not-json');
  const plain = labelLineSchema.safeParse(json);
  if (plain.success) return { kind: 'labels', labels: [labelOf(plain.data)] };
  const truth = groundTruthSchema.safeParse(json);
  if (!truth.success) return unreadable('not-a-label');
  const { groundTruthData, eventMetadata } = truth.data;
  const data = csvOf(groundTruthData);
  if (data === undefined) return unreadable('not-csv');
  const rows = data.trim().split(/\r?\n/);
  if (rows.some((row) => row.trim() === '')) return unreadable('not-a-label');
  const labels = rows.map((row, index) => ({
    inferenceId: lineInferenceId(eventMetadata.eventId, index, rows.length),
    label: row.trim(),
  }));
  return { kind: 'labels', labels };
}

function labelOf({ inference_id, label }: { inference_id: string; label: Label['label'] }): Label {
  return { inferenceId: inference_id.trim(), label: typeof label === 'string' ? label.trim() : label };
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

import type { Encoding, FeatureEncoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { readFeature } from '@tidemark/domain/datasets/encoding.ts';
import type { RawRecord } from '@tidemark/domain/windows/monitored.schema.ts';
import { type NameWarning, nameWarnings } from './record-names.ts';

/** Categories that are known but for their case or the blanks within: each is taken for an unknown one, and is hardly meant so. */
interface SpellingWarning {
  readonly code: 'respelled-categories';
  readonly columns: readonly string[];
  readonly message: string;
}

/** Something about an answer that its caller should look at, once for all records. */
export type RequestWarning = NameWarning | SpellingWarning;

/** What the names and the categories of a request do not have in common with the model's. */
export function requestWarnings(encoding: Encoding, records: readonly RawRecord[]): RequestWarning[] {
  return [...nameWarnings(encoding, records), ...spellingWarnings(encoding, records)];
}

function spellingWarnings({ features }: Encoding, records: readonly RawRecord[]): SpellingWarning[] {
  const respelled = features
    .filter((feature) => feature.kind === 'category')
    .map((feature) => ({ column: feature.column, count: respelledIn(feature, records) }))
    .filter(({ count }) => count > 0);
  if (respelled.length === 0) return [];
  const shown = respelled.map(
    ({ column, count }) => `\`${column.slice(0, 128)}\` (${count} of ${records.length})`,
  );
  return [
    {
      code: 'respelled-categories',
      columns: respelled.map(({ column }) => column),
      message: `Records hold values that the model knows with other blanks or other upper and lower case, and that count as unknown: ${shown.join(', ')}. Write them as the data does; \`dryRun: true\` shows how each is read.`,
    },
  ];
}

type Category = Extract<FeatureEncoding, { kind: 'category' }>;

/** Encodings are kept while a version serves, and asked by every request. */
const foldedCategories = new WeakMap<Category, ReadonlySet<string>>();

function respelledIn(feature: Category, records: readonly RawRecord[]): number {
  const known = foldedCategories.get(feature) ?? new Set(Object.keys(feature.values).map(folded));
  foldedCategories.set(feature, known);
  return records.filter((record) => {
    const raw = Object.hasOwn(record, feature.column) ? record[feature.column] : undefined;
    if (typeof raw !== 'string' || Object.hasOwn(feature.values, raw)) return false;
    const read = readFeature(feature, raw);
    return read.kind === 'unknown-category' && known.has(folded(read.value));
  }).length;
}

const folded = (text: string) => text.normalize('NFC').trim().replaceAll(/\s+/g, ' ').toLowerCase();

import type { Encoding, FeatureEncoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import { code, listed, say } from '@tidemark/statistics/sentence.ts';
import type { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import type { ColumnVocabulary } from '@tidemark/statistics/tables/read-value.ts';
import { identifier, literal } from '@tidemark/statistics/tables/sql.ts';
import * as z from 'zod';
import type { ColumnFinding } from './column-finding.schema.ts';
import { warned } from './column-findings.ts';
import { type ColumnStatistics, columnsPerQuery } from './column-statistics.ts';

/** What is known of how the data spells its values. */
export interface Spelling {
  /** Spellings that some file of the dataset took for missing in texts. */
  readonly missingInTexts: readonly string[];
  /** What the definition says of a column's spelling. */
  readonly declared?: (column: string) => ColumnVocabulary;
}

/** Spellings of missing that are values of a text column in some training rows: requests cannot tell which is meant. */
type SpelledValues = ReadonlyMap<string, readonly string[]>;

/**
 * Adds to an encoding what a request may write for missing: what training took for it. A spelling that is a category of some training
 * rows stays one, with a warning.
 * @param trainRows SQL of the training rows
 */
export async function withVocabulary(
  database: Database,
  encoding: Encoding,
  trainRows: string,
  statistics: readonly ColumnStatistics[],
  rows: number,
  spelling: Spelling,
): Promise<{ encoding: Encoding; findings: ColumnFinding[] }> {
  const texts = encoding.features.filter(({ kind }) => kind === 'category').map(({ column }) => column);
  const values = await spelledValues(database, trainRows, texts, spelling);
  const present = new Map(statistics.map((each) => [each.column.name, each.present]));
  const features = encoding.features.map((feature) =>
    withSpellings(feature, spelling, values, present.get(feature.column) === rows),
  );
  const findings = statistics.flatMap((each) => {
    const found = values.get(each.column.name) ?? [];
    return found.length > 0 ? [ambiguous(each, rows, found)] : [];
  });
  return { encoding: { ...encoding, features }, findings };
}

function withSpellings(
  feature: FeatureEncoding,
  spelling: Spelling,
  values: SpelledValues,
  neverMissing: boolean,
): FeatureEncoding {
  const asValue = values.get(feature.column) ?? [];
  const missing = missingOf(feature.column, feature.kind === 'category', spelling).filter(
    (text) => !asValue.includes(text),
  );
  const { format } = spelling.declared?.(feature.column) ?? {};
  const known = {
    ...feature,
    ...(neverMissing ? { neverMissing } : {}),
    ...(missing.length > 0 ? { missing } : {}),
  };
  return known.kind === 'time' && format !== undefined ? { ...known, format } : known;
}

/** What counts as missing in a column, besides what always does. */
function missingOf(column: string, isText: boolean, { missingInTexts, declared }: Spelling): string[] {
  const own = declared?.(column).missing ?? [];
  return [...new Set([...(isText ? missingInTexts : []), ...own])];
}

async function spelledValues(
  database: Database,
  trainRows: string,
  columns: readonly string[],
  spelling: Spelling,
): Promise<SpelledValues> {
  const found = new Map<string, string[]>();
  const asked = columns.filter((name) => missingOf(name, true, spelling).length > 0);
  for (let first = 0; first < asked.length; first += columnsPerQuery) {
    const some = asked.slice(first, first + columnsPerQuery);
    const fields = some.map((name, index) => {
      const list = missingOf(name, true, spelling).map(literal).join(', ');
      return `coalesce(list(DISTINCT ${identifier(name)}) FILTER (WHERE ${identifier(name)} IN (${list})), []) AS values_${index}`;
    });
    const row = await database.row(
      `SELECT ${fields.join(', ')} FROM (${trainRows})`,
      z.record(z.string(), z.array(z.string())),
    );
    for (const [index, name] of some.entries()) found.set(name, (row[`values_${index}`] ?? []).toSorted());
  }
  return found;
}

function ambiguous(statistics: ColumnStatistics, rows: number, spellings: readonly string[]): ColumnFinding {
  // The spellings are those of the documentation, or the definition's: no values that only the data has.
  return warned('missing-or-value', statistics, rows, true, {
    clause: say`has rows with the text ${listed(spellings)}, which other files of the dataset may have meant as missing. It counts as a value. Write missing values as nothing at all, or list the spelling under ${code(`columns.${statistics.column.name}.missing`)}.`,
  });
}

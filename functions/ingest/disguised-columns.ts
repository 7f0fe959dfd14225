import {
  type DisguisedValues,
  disguisedValues,
  isTelling,
} from '@tidemark/domain/datasets/disguised-values.ts';
import { howToWrite, nouns } from '@tidemark/domain/datasets/disguises.ts';
import { code, counted, say } from '@tidemark/statistics/sentence.ts';
import type { ColumnType } from '@tidemark/statistics/tables/column.schema.ts';
import type { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { examplesOf, type TypedColumn } from './column-types.ts';
import type { DataWarning } from './shown-warning.schema.ts';
import type { SourceColumn } from './source-column.ts';
import type { SourceFile } from './source-file.ts';

/**
 * Text columns that nearly everywhere hold numbers, times or truth values: a few stray texts made a text of each, here or before.
 * @param known types of the dataset's columns
 */
export async function disguisedColumns(
  database: Database,
  file: SourceFile,
  columns: readonly TypedColumn[],
  known: ReadonlyMap<string, ColumnType | null>,
): Promise<DataWarning[]> {
  const texts = columns.flatMap(({ type, source }) =>
    type === 'string' && source.declared === undefined ? [source] : [],
  );
  const found = await disguisedValues(
    database,
    file.relation,
    texts.map(({ value }) => value),
  );
  const warnings: DataWarning[] = [];
  for (const [index, source] of texts.entries()) {
    const values = found[index];
    if (values !== undefined)
      warnings.push(
        await warningOf(database, file, { source, isKnown: known.get(source.name) === 'string' }, values),
      );
  }
  return warnings;
}

async function warningOf(
  database: Database,
  file: SourceFile,
  { source, isKnown }: { readonly source: SourceColumn; readonly isKnown: boolean },
  found: DisguisedValues,
): Promise<DataWarning> {
  const { name, value } = source;
  const { disguise, present, strangers } = found;
  const examples = await examplesOf(database, file, source, isTelling(value, found));
  const rows = examples.map(({ where }) => Number(where.replace(/^\D+/, '')));
  const those =
    strangers > 0
      ? say`${counted(strangers, 'value')} made it a text, the first in row ${rows[0] ?? 0}`
      : isKnown
        ? say`it is text in the dataset`
        : say`they are spelled otherwise, the first in row ${rows[0] ?? 0}, or the file calls them texts`;
  return {
    code: `${disguise}-as-text`,
    column: name,
    present,
    strangers,
    rows,
    what: say`${code(name)} is read as text, though ${present - strangers} of ${present} values look like ${nouns[disguise]}: ${those}.`,
    remedy:
      isKnown && strangers === 0
        ? say`If they are meant as such, say ${code(`type: ${disguise}`)} under ${code(`columns.${name}`)} and drop all data again with \`ingestion.mode: replace\`; if it is text, say ${code('type: text')} there.`
        : say`${howToWrite(name, disguise, strangers)}.`,
    examples,
  };
}

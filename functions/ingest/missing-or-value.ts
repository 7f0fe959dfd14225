import { code, counted, listed, say } from '@tidemark/statistics/sentence.ts';
import { type Database, wholeNumber } from '@tidemark/statistics/tables/duckdb.client.ts';
import { missingSpellings } from '@tidemark/statistics/tables/missing-values.ts';
import { literal } from '@tidemark/statistics/tables/sql.ts';
import { trimmedSql } from '@tidemark/statistics/tables/value-sql.ts';
import * as z from 'zod';
import { examplesOf, type TypedColumn } from './column-types.ts';
import type { DataWarning } from './shown-warning.schema.ts';
import type { SourceFile } from './source-file.ts';

const columnsPerQuery = 100;
const spellings = missingSpellings.map(literal).join(', ');

/**
 * Text columns with values such as `NA`: a value in quotes, in JSON and in Parquet, and missing in a CSV file without quotes. Which of the
 * two is meant only its owner knows.
 */
export async function missingOrValue(
  database: Database,
  file: SourceFile,
  columns: readonly TypedColumn[],
): Promise<DataWarning[]> {
  const texts = columns.flatMap(({ type, source, reading }) =>
    type === 'string' && source.declared === undefined && reading !== undefined ? [{ source, reading }] : [],
  );
  const warnings: DataWarning[] = [];
  for (let first = 0; first < texts.length; first += columnsPerQuery) {
    const some = texts.slice(first, first + columnsPerQuery).map(({ source, reading: { present } }) => ({
      source,
      present,
      isSpelling: `(${present}) AND ${trimmedSql(source.value)} IN (${spellings})`,
    }));
    const counts = some.flatMap(({ present, isSpelling }, index) => [
      `count(*) FILTER (WHERE ${isSpelling}) AS _spelled_${index}`,
      `count(*) FILTER (WHERE ${present}) AS _present_${index}`,
    ]);
    const row = await database.row(
      `SELECT ${counts.join(', ')} FROM ${file.relation}`,
      z.record(z.string(), wholeNumber),
    );
    for (const [index, { source, isSpelling }] of some.entries()) {
      const [strangers = 0, present = 0] = [row[`_spelled_${index}`], row[`_present_${index}`]];
      if (strangers === 0) continue;
      const examples = await examplesOf(database, file, source, isSpelling);
      const found = [...new Set(examples.map(({ text }) => text.trim()))];
      const { name } = source;
      warnings.push({
        code: 'missing-or-value',
        column: name,
        present,
        strangers,
        rows: examples.map(({ where }) => Number(where.replace(/^\D+/, ''))),
        // The spellings are those of the documentation: no values that only the data has.
        what: say`${code(name)} has the text ${listed(found)} in ${counted(strangers, 'row')}, which counts as a value there. In a CSV file without quotes it would be missing.`,
        remedy: say`If it means missing, list it under ${code(`columns.${name}.missing`)} and drop the file again; if it is a value, say ${code('type: text')} there.`,
        examples,
      });
    }
  }
  return warnings;
}

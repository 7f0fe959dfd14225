import { code, counted, say } from '@tidemark/statistics/sentence.ts';
import { type Database, wholeNumber } from '@tidemark/statistics/tables/duckdb.client.ts';
import * as z from 'zod';
import { examplesOf, type TypedColumn } from './column-types.ts';
import type { DataFinding } from './data-finding.schema.ts';
import { dataFinding } from './data-finding.ts';
import type { SourceFile } from './source-file.ts';

/** What is wrong with the numbers that say how much each row counts in training: one bad weight would fail every training from then on. */
export async function weightFindings(
  database: Database,
  file: SourceFile,
  { source, reading }: TypedColumn,
): Promise<DataFinding[]> {
  if (reading === undefined) return [];
  const { value } = reading;
  const { _negative, _highest } = await database.row(
    `SELECT count(*) FILTER (WHERE ${value} < 0) AS _negative, max(${value}) FILTER (WHERE NOT ${reading.infinite})::DOUBLE AS _highest FROM ${file.relation}`,
    z.object({ _negative: wholeNumber, _highest: z.number().nullable() }),
  );
  if (_negative > 0) {
    return [
      dataFinding(
        'weight-negative',
        say`${code(source.name)} is negative in ${counted(_negative, 'row')}.`,
        say`The definition names it as \`weight\`: a row counts as much in training, from 0 on.`,
        say`Correct the values, leave them empty where nothing is known, or name another column in \`weight\`.`,
        await examplesOf(database, file, source, `${value} < 0`),
      ),
    ];
  }
  if (_highest === null || _highest > 0) return [];
  return [
    dataFinding(
      'weight-zero',
      say`${code(source.name)} is 0 in every row that has one.`,
      say`The definition names it as \`weight\`: nothing would be learnt from this file.`,
      say`Correct the values, or leave \`weight\` out of the definition.`,
    ),
  ];
}

import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { type Database, wholeNumber } from '../datasets/duckdb.client.ts';
import { missingSpellings } from '../datasets/missing-values.ts';
import { literal } from '../datasets/sql.ts';
import { cell, code, counted, reveal, say } from '../sentence.ts';
import { columnNames } from './column-names.ts';
import { type CsvDialect, csvDialectOf } from './csv-dialect.ts';
import type { Problem } from './problem.schema.ts';
import { problem, shownExamples, UnacceptableFileError } from './problem.ts';
import type { SourceFile } from './source-file.ts';

/** What is wrong with lines is looked at so many times; of more, the report says "at least". */
const maximumRejects = 1000;

const badLineSchema = z.object({
  start: wholeNumber,
  kind: z.string(),
  text: z.string().nullable(),
  message: z.string(),
  rejects: wholeNumber,
});
type BadLine = z.infer<typeof badLineSchema>;

/**
 * Reads a CSV file strictly: each record has as many fields as the first line has names, and every quote is closed.
 * @param head the file's beginning
 * @param whole whether that is all of it
 * @throws UnacceptableFileError
 */
export async function readCsv(
  database: Database,
  path: string,
  head: string,
  whole: boolean,
): Promise<SourceFile> {
  const dialect = csvDialectOf(head, whole);
  const names = columnNames(dialect.header);
  const relation = relationOf(path, dialect);
  const [rows, problems] = await scan(database, path, relation, dialect);
  if (problems.length > 0) throw new UnacceptableFileError(problems);
  const columns = names.map((name, index) => ({
    name,
    value: fieldName(index),
    holds: 'text' as const,
    missingTexts: missingSpellings,
  }));
  return { format: 'csv', relation: `read_csv(${relation})`, columns, rows };
}

/** The engine's arguments: everything is said, nothing is left to its guess. */
function relationOf(path: string, { delimiter, header }: CsvDialect): string {
  const columns = header.map((_, index) => `${literal(fieldName(index))}: 'VARCHAR'`);
  return [
    literal(path),
    say`auto_detect = false`,
    `delim = ${literal(delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    say`header = true`,
    say`strict_mode = true`,
    say`null_padding = false`,
    `nullstr = [${['', ...missingSpellings].map(literal).join(', ')}]`,
    say`allow_quoted_nulls = false`,
    `columns = {${columns.join(', ')}}`,
  ].join(', ');
}

function fieldName(index: number): string {
  return `field_${index + 1}`;
}

/** Reads all of it once: how many rows there are, and which lines are no rows. */
async function scan(
  database: Database,
  path: string,
  relation: string,
  dialect: CsvDialect,
): Promise<[rows: number, problems: Problem[]]> {
  const rejects = `store_rejects = true, rejects_limit = ${maximumRejects}`;
  const { rows } = await database.row(
    `SELECT count(*) AS rows FROM read_csv(${relation}, ${rejects})`,
    z.object({ rows: wholeNumber }),
  );
  // A line with several fields too few is rejected once for each.
  const bad = await database.rows(
    `SELECT line_byte_position AS start, first(error_type) AS kind, first(csv_line) AS text, first(error_message) AS message,
       count(*) AS rejects FROM reject_errors GROUP BY start ORDER BY start`,
    badLineSchema,
  );
  if (bad.length === 0) return [rows, []];
  const lines = await lineNumbers(
    path,
    bad.slice(0, shownExamples).map(({ start }) => start),
  );
  return [rows, [badLinesProblem(bad, lines, dialect)]];
}

function badLinesProblem(
  bad: readonly BadLine[],
  lines: readonly number[],
  { header, delimiter }: CsvDialect,
): Problem {
  const isAll = bad.reduce((sum, { rejects }) => sum + rejects, 0) < maximumRejects;
  const many = isAll ? counted(bad.length, 'line') : say`At least ${counted(bad.length, 'line')}`;
  const firstLine = lines[0] ?? 1;
  const examples = bad.slice(0, shownExamples).map(({ text }, index) => ({
    where: `line ${lines[index] ?? '?'}`,
    text: (text ?? '').replace(/^\n+/, ''),
  }));
  const [first] = bad;
  if (first?.kind === 'UNQUOTED VALUE') {
    return problem(
      'csv-quotes',
      say`${many} with a quote that is not closed or not followed by a separator, the first at line ${firstLine}.`,
      say`Everything after such a quote would become part of one value.`,
      say`Close the quote; write a quote within a value as two.`,
      examples,
    );
  }
  if (first?.kind === 'MISSING COLUMNS' || first?.kind === 'TOO MANY COLUMNS') {
    return problem(
      'csv-ragged',
      say`${many} with more or fewer fields than the ${header.length} names of the first line, the first at line ${firstLine}.`,
      say`Which column a value belongs to would be a guess.`,
      say`Mend the lines; a value that contains ${code(delimiter)} must stand in quotes.`,
      examples,
    );
  }
  return problem(
    'csv-line',
    say`${many} cannot be read, the first at line ${firstLine}.`,
    say`A file is accepted as a whole or not at all.`,
    say`Mend the lines and drop the file again.`,
    { shown: reveal`The reader says ${cell(first?.message ?? '')}.`, examples },
  );
}

/** Numbers of the lines in which the bytes stand. The engine counts records, and a record may have several lines. */
async function lineNumbers(path: string, positions: readonly number[]): Promise<number[]> {
  const last = Math.max(...positions);
  const numbers = positions.map(() => 1);
  let offset = 0;
  for await (const chunk of createReadStream(path, { end: last })) {
    const bytes = Buffer.from(chunk);
    for (let at = bytes.indexOf('\n'); at !== -1; at = bytes.indexOf('\n', at + 1)) {
      // Positions count from 1: the byte at `position` is the one after `position - 1` others.
      positions.forEach((position, index) => {
        if (offset + at < position - 1) numbers[index] = (numbers[index] ?? 1) + 1;
      });
    }
    offset += bytes.length;
  }
  return numbers;
}

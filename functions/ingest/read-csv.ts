import { createReadStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { cell, code, counted, reveal, type Sentence, say } from '@tidemark/statistics/sentence.ts';
import { type Database, wholeNumber } from '@tidemark/statistics/tables/duckdb.client.ts';
import { missingSpellings } from '@tidemark/statistics/tables/missing-values.ts';
import { rowGroupRows } from '@tidemark/statistics/tables/row-groups.ts';
import { literal } from '@tidemark/statistics/tables/sql.ts';
import * as z from 'zod';
import { fileColumns } from './column-names.ts';
import { type CsvDialect, csvDialectOf } from './csv-dialect.ts';
import { type CsvScan, recordExamples, scanCsv, writeWithoutBlanks } from './csv-scan.ts';
import type { DataFinding, Example } from './data-finding.schema.ts';
import { dataFinding, shownExamples, UnacceptableFileError } from './data-finding.ts';
import { leaveOutNameless } from './nameless-column.ts';
import type { SourceFile, WantedColumns } from './source-file.ts';

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

/** Beginning of a text file, in plain spelling. */
export interface Head {
  readonly text: string;
  /** Whether that is all of the file. */
  readonly isAll: boolean;
}

/**
 * Reads a CSV file strictly: each record has as many fields as the first line has names, and every quote is closed. The cells that are wanted
 * become a Parquet file: what follows reads a few columns at a time, some of them several times.
 * @throws UnacceptableFileError
 */
export async function readCsv(
  database: Database,
  path: string,
  head: Head,
  wanted: WantedColumns,
): Promise<SourceFile> {
  const dialect = csvDialectOf(head.text, head.isAll);
  const { used, nameless, names } = fileColumns(dialect.header, wanted);
  const cells = database.path('cells.parquet');
  const fields = [...used, ...nameless].map(({ place }) => fieldName(place));
  const rowBytes = head.text.length / head.text.split('\n').length;
  const scan = await scanCsv(path, dialect);
  if (scan.spaced > 0) await dropBlanks(database, path, dialect);
  const rows = await copyCells(database, { path, rowBytes, cells, fields }, dialect, scan);
  const relation = `read_parquet(${literal(cells)})`;
  const notes =
    rows === 0 ? [] : await leaveOutNameless(database, relation, nameless, ({ place }) => fieldName(place));
  const columns = used.map(({ name, place }) => ({
    name,
    value: fieldName(place),
    holds: 'text' as const,
    missingTexts: missingSpellings,
  }));
  return { format: 'csv', relation, columns, names, rows, rowBytes, notes };
}

async function dropBlanks(database: Database, path: string, { delimiter }: CsvDialect): Promise<void> {
  const plainer = database.path('without-blanks');
  await writeWithoutBlanks(path, plainer, delimiter);
  await rename(plainer, path);
}

/** The engine's arguments: everything is said, nothing is left to its guess. */
function relationOf(path: string, { delimiter, header, linesBefore }: CsvDialect): string {
  const columns = header.map((_, place) => `${literal(fieldName(place))}: 'VARCHAR'`);
  return [
    literal(path),
    'auto_detect = false',
    `delim = ${literal(delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    `skip = ${linesBefore}`,
    'header = true',
    'strict_mode = true',
    'null_padding = false',
    `nullstr = [${['', ...missingSpellings].map(literal).join(', ')}]`,
    'allow_quoted_nulls = false',
    `columns = {${columns.join(', ')}}`,
    'store_rejects = true',
    `rejects_limit = ${maximumRejects}`,
  ].join(', ');
}

function fieldName(place: number): string {
  return `field_${place + 1}`;
}

interface CopyJob {
  readonly path: string;
  /** About how long a line is. */
  readonly rowBytes: number;
  /** Where the Parquet file goes. */
  readonly cells: string;
  readonly fields: readonly string[];
}

/**
 * Reads all of it once, and holds it to the records that the scan has counted.
 * @returns how many rows there are
 * @throws UnacceptableFileError when there are lines that are not rows
 */
async function copyCells(
  database: Database,
  { path, rowBytes, cells, fields }: CopyJob,
  dialect: CsvDialect,
  scan: CsvScan,
): Promise<number> {
  const relation = `read_csv(${relationOf(path, dialect)})`;
  const select = fields.length === 0 ? 'NULL AS none' : fields.join(', ');
  const groupRows = rowGroupRows(fields.length, rowBytes);
  await database.writeParquet(`SELECT ${select} FROM ${relation}`, cells, groupRows, 'lz4_raw');
  // A line with several fields too few is rejected once for each.
  const bad = await database.rows(
    `SELECT line_byte_position AS start, first(error_type) AS kind, first(csv_line) AS text, first(error_message) AS message,
       count(*) AS rejects FROM reject_errors GROUP BY start ORDER BY start`,
    badLineSchema,
  );
  const problems = await lineProblems(path, bad, dialect, scan);
  if (problems.length > 0) throw new UnacceptableFileError(problems);
  const { rows } = await database.row(
    `SELECT count(*) AS rows FROM read_parquet(${literal(cells)})`,
    z.object({ rows: wholeNumber }),
  );
  const records = scan.records - 1 - dialect.linesBefore;
  if (rows !== records) throw new Error(`${rows} rows were read of ${records} records`);
  return rows;
}

async function lineProblems(
  path: string,
  bad: readonly BadLine[],
  dialect: CsvDialect,
  { surplus, broken: spoilt }: CsvScan,
): Promise<DataFinding[]> {
  // The engine says nothing of the line that names the columns, and counts a line once for each quote.
  if (spoilt.count > 0) {
    return [quotesProblem({ count: spoilt.count, isAll: true, lines: await recordExamples(path, spoilt) })];
  }
  const isAll = bad.reduce((sum, { rejects }) => sum + rejects, 0) < maximumRejects;
  // Where quotes are not in order, fields cannot be counted.
  const broken = bad.filter(({ kind }) => kind !== tooFew && kind !== tooMany);
  const [first] = broken;
  if (first !== undefined) {
    const lines = await linesOf(path, broken.slice(0, shownExamples));
    return [badLinesProblem(first, { count: broken.length, isAll, lines })];
  }
  const short = bad.filter(({ kind }) => kind === tooFew);
  const count = short.length + surplus.count;
  if (count === 0) return [];
  const all = [
    ...(await linesOf(path, short.slice(0, shownExamples))),
    ...(await recordExamples(path, surplus)),
  ].toSorted((a, b) => a.line - b.line);
  return [raggedProblem({ count, isAll, lines: all.slice(0, shownExamples) }, dialect)];
}

/** How the engine calls lines with fewer and with more fields than there are columns. */
const [tooFew, tooMany] = ['MISSING COLUMNS', 'TOO MANY COLUMNS'];

/** Lines of one kind of trouble. */
interface BadLines {
  readonly count: number;
  /** Whether the engine looked at all of the file. */
  readonly isAll: boolean;
  /** The first of them. */
  readonly lines: readonly (Example & { readonly line: number })[];
}

async function linesOf(path: string, bad: readonly BadLine[]): Promise<BadLines['lines']> {
  const numbers = await lineNumbers(
    path,
    bad.map(({ start }) => start),
  );
  return bad.map(({ text }, index) => {
    const line = numbers[index] ?? 1;
    return { line, where: say`line ${line}`, text: (text ?? '').replace(/^\n+/, '') };
  });
}

function howMany({ count, isAll }: BadLines): Sentence {
  return isAll ? counted(count, 'line') : say`At least ${counted(count, 'line')}`;
}

function raggedProblem(found: BadLines, { header, delimiter, linesBefore }: CsvDialect): DataFinding {
  const names = linesBefore === 0 ? 'the first line' : 'line 2';
  return dataFinding(
    'csv-ragged',
    say`${howMany(found)} with more or fewer fields than the ${header.length} names of ${names}, the first at line ${found.lines[0]?.line ?? 1}.`,
    say`Which column a value belongs to would be a guess. A separator at the end of a line starts one more field, though it is empty.`,
    say`Correct the lines; a value that contains ${code(delimiter)} must stand in quotes, and a line must not end with ${code(delimiter)} unless its last value is missing.`,
    examplesOf(found),
  );
}

function examplesOf({ lines }: BadLines): Example[] {
  return lines.map(({ where, text }) => ({ where, text }));
}

function badLinesProblem(first: BadLine, found: BadLines): DataFinding {
  if (first.kind === 'UNQUOTED VALUE') return quotesProblem(found);
  return dataFinding(
    'csv-line',
    say`${howMany(found)} cannot be read, the first at line ${found.lines[0]?.line ?? 1}.`,
    say`A file is accepted as a whole or not at all.`,
    say`Correct the lines and drop the file again.`,
    { shown: reveal`The reader says ${cell(first.message)}.`, examples: examplesOf(found) },
  );
}

function quotesProblem(found: BadLines): DataFinding {
  return dataFinding(
    'csv-quotes',
    say`${howMany(found)} with a quote that is not closed or not followed by a separator, the first at line ${found.lines[0]?.line ?? 1}.`,
    say`Everything after such a quote would become part of one value.`,
    say`Close the quote; write a quote within a value as two.`,
    examplesOf(found),
  );
}

/** Numbers of the lines in which the bytes stand. The engine counts records, and a record may have several lines. */
async function lineNumbers(path: string, positions: readonly number[]): Promise<number[]> {
  if (positions.length === 0) return [];
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

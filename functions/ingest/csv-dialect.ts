import { code, counted, say } from '@tidemark/statistics/sentence.ts';
import { unacceptable } from './data-finding.ts';

/** Separators that are tried; the first of equals wins. */
const delimiters = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof delimiters)[number];

/** How a CSV file is written, and what its first line says. */
export interface CsvDialect {
  readonly delimiter: Delimiter;
  readonly header: readonly string[];
  /** Lines before the one that names the columns: 1 if the first says what the separator is. */
  readonly linesBefore: 0 | 1;
}

/** Records that are compared with the header: enough to tell, whatever the file's size. */
const comparedRecords = 100;

/** `sep=;`, a first line by which programs tell Excel the separator. */
const separatorLine = /^"?sep=([^"\n])"?(?:\n|$)/i;

/**
 * The delimiter is what the first line says it is, or the one with which most of the first records have as many fields as the first, which
 * must be two or more.
 * @param head the beginning of the file, in plain spelling
 * @param whole whether that is all of it; otherwise its last record may be cut off
 * @throws UnacceptableFileError
 */
export function csvDialectOf(head: string, whole: boolean): CsvDialect {
  const [line, said] = separatorLine.exec(head) ?? [];
  if (line === undefined || said === undefined) return { ...foundDialect(head, whole), linesBefore: 0 };
  const delimiter = delimiters.find((each) => each === said);
  if (delimiter === undefined) throw unknownSeparator(line);
  const [header = []] = parseRecords(head.slice(line.length), delimiter, 1, whole);
  if (header.length === 0) throw noNamesAfterSeparator();
  if (header.length === 1 && delimiters.some((other) => header[0]?.includes(other)))
    throw otherSeparator(delimiter);
  return { delimiter, header, linesBefore: 1 };
}

function foundDialect(head: string, whole: boolean): Omit<CsvDialect, 'linesBefore'> {
  const candidates = delimiters.map((delimiter) => {
    const [header = [], ...rows] = parseRecords(head, delimiter, comparedRecords + 1, whole);
    const alike = rows.filter(({ length }) => length === header.length).length;
    return { delimiter, header, score: rows.length === 0 ? 0 : alike / rows.length };
  });
  if (candidates.every(({ header }) => header.length === 0)) throw noFirstLine(head, whole);
  const separated = candidates.filter(({ header }) => header.length > 1);
  const [best] = separated.toSorted((a, b) => b.score - a.score || b.header.length - a.header.length);
  if (best === undefined) throw linesAbove(head, whole) ?? oneColumn(head);
  return { delimiter: best.delimiter, header: best.header };
}

function noFirstLine(head: string, whole: boolean) {
  if (!whole) {
    return unacceptable(
      'csv-header',
      say`The first line is longer than ${counted(head.length, 'character')}.`,
      say`It must name the columns.`,
      say`Write the names of the columns as the first line, and check the line ends.`,
    );
  }
  return unacceptable(
    'csv-header',
    say`The first line is blank.`,
    say`It must name the columns.`,
    say`Write the names of the columns as the first line.`,
  );
}

function unknownSeparator(line: string) {
  return unacceptable(
    'csv-delimiter',
    say`The first line, \`sep=\`, names a separator that is not known.`,
    say`Comma, semicolon, tab and bar are read.`,
    say`Write the file with commas between the columns, and leave out the first line.`,
    [{ where: say`line 1`, text: line.trimEnd() }],
  );
}

function otherSeparator(delimiter: Delimiter) {
  return unacceptable(
    'csv-delimiter',
    say`Line 1 says that ${code(delimiter)} separates the columns, and line 2, which must name them, does not have it.`,
    say`Another separator would be a guess.`,
    say`Leave out line 1, or correct it.`,
  );
}

function noNamesAfterSeparator() {
  return unacceptable(
    'csv-header',
    say`Line 2, after \`sep=\`, is blank, missing or too long.`,
    say`It must name the columns.`,
    say`Write the names of the columns as line 2, or leave out line 1 and write them there.`,
  );
}

/** A title or remarks above the line that names the columns. `undefined` if that line cannot be told. */
function linesAbove(head: string, whole: boolean) {
  for (const delimiter of delimiters) {
    const records = parseRecords(head, delimiter, comparedRecords, whole);
    const first = records.findIndex(({ length }) => length > 1);
    const rows = records.slice(first);
    const alike = rows.filter(({ length }) => length === rows[0]?.length).length;
    if (first < 1 || rows.length < 2 || alike < rows.length / 2) continue;
    return unacceptable(
      'csv-header',
      say`The first ${counted(first, 'line')} ${first === 1 ? 'does' : 'do'} not name the columns: line ${first + 1} is the first with several fields.`,
      say`The first line must name the columns.`,
      say`Remove the lines above the names.`,
      [{ where: say`line 1`, text: head.split('\n', 1).join() }],
    );
  }
  return undefined;
}

function oneColumn(head: string) {
  return unacceptable(
    'csv-delimiter',
    say`The file has only one column, or its columns are separated by something unknown.`,
    say`Comma, semicolon, tab and bar were tried. A model needs a target and at least one feature.`,
    say`Write the file with commas between the columns.`,
    [{ where: say`line 1`, text: head.split('\n', 1).join() }],
  );
}

/**
 * Reads up to `limit` records as RFC 4180 has it: a field in quotes may hold delimiters, line feeds and doubled quotes.
 * A blank first line is a record without fields.
 */
export function parseRecords(text: string, delimiter: Delimiter, limit: number, whole: boolean): string[][] {
  const records: string[][] = [];
  let at = 0;
  while (at < text.length && records.length < limit) {
    const record = parseRecord(text, at, delimiter);
    if (record.end === undefined && !whole) break;
    records.push(record.fields);
    at = record.end ?? text.length;
  }
  return records;
}

/** The record that starts there, and where the next one starts if this one was ended by a line feed. */
function parseRecord(text: string, start: number, delimiter: Delimiter): { fields: string[]; end?: number } {
  if (text[start] === '\n') return { fields: [], end: start + 1 };
  const fields: string[] = [];
  let at = start;
  for (;;) {
    const quote = quoteAt(text, at, delimiter);
    const field = quote === undefined ? undefined : quotedField(text, quote);
    const stop = endOfField(text, field?.end ?? at, delimiter);
    // Blanks around quotes never count; other text is told of when the file is scanned.
    fields.push(field ? field.value + text.slice(field.end, stop).trim() : text.slice(at, stop));
    if (text[stop] === '\n') return { fields, end: stop + 1 };
    if (stop >= text.length) return { fields };
    at = stop + 1;
  }
}

/** Where the quotes of the field that starts there are opened, if it is in quotes: blanks may stand before them. */
function quoteAt(text: string, start: number, delimiter: Delimiter): number | undefined {
  let at = start;
  while (text[at] !== delimiter && (text[at] === ' ' || text[at] === '\t')) at += 1;
  return text[at] === '"' ? at : undefined;
}

function quotedField(text: string, start: number): { value: string; end: number } {
  let value = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return { value: value + text.slice(at), end: text.length };
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    at = quote + 2;
  }
}

function endOfField(text: string, from: number, delimiter: Delimiter): number {
  let at = from;
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n') at += 1;
  return at;
}

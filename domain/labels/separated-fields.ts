/** A field of a line of CSV. */
export interface SeparatedCell {
  readonly text: string;
  /** Quoted, `NA` is a text. */
  readonly isQuoted: boolean;
}

/**
 * The fields of one line of CSV (RFC 4180, without line breaks in fields), or `undefined` if its quotes do not match.
 * @param separator one character
 */
export function separatedCells(line: string, separator: string): SeparatedCell[] | undefined {
  const cells: SeparatedCell[] = [];
  let at = 0;
  while (at <= line.length) {
    // Blanks around quotes never count.
    const start = pastBlanks(line, at, separator);
    const isQuoted = line[start] === '"';
    const close = isQuoted ? endOfQuotes(line, start) : endOfField(line, at, separator);
    if (close === undefined) return undefined;
    const field = isQuoted ? line.slice(start, close) : line.slice(at, close);
    const end = isQuoted ? pastBlanks(line, close, separator) : close;
    cells.push({ text: isQuoted ? field.slice(1, -1).replaceAll('""', '"') : field, isQuoted });
    if (end < line.length && line[end] !== separator) return undefined;
    at = end + 1;
  }
  return cells;
}

function pastBlanks(line: string, start: number, separator: string): number {
  let at = start;
  while (at < line.length && line[at] !== separator && /\s/.test(line[at] ?? '')) at += 1;
  return at;
}

function endOfField(line: string, start: number, separator: string): number {
  const end = line.indexOf(separator, start);
  return end === -1 ? line.length : end;
}

/** Past the quote that is not doubled. */
function endOfQuotes(line: string, start: number): number | undefined {
  for (let at = start + 1; at < line.length; at += 1) {
    if (line[at] !== '"') continue;
    if (line[at + 1] !== '"') return at + 1;
    at += 1;
  }
  return undefined;
}

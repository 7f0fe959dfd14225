/** A field of a line of CSV. */
export interface Cell {
  readonly text: string;
  /** Quoted, `NA` is a text. */
  readonly isQuoted: boolean;
}

/**
 * The fields of one line of CSV (RFC 4180, without line breaks in fields), or `undefined` if its quotes do not match.
 * @param separator one character
 */
export function separatedCells(line: string, separator: string): Cell[] | undefined {
  const cells: Cell[] = [];
  let at = 0;
  while (at <= line.length) {
    const isQuoted = line[at] === '"';
    const end = isQuoted ? endOfQuotes(line, at) : endOfField(line, at, separator);
    if (end === undefined) return undefined;
    const field = line.slice(at, end);
    cells.push({ text: isQuoted ? field.slice(1, -1).replaceAll('""', '"') : field, isQuoted });
    if (end < line.length && line[end] !== separator) return undefined;
    at = end + 1;
  }
  return cells;
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

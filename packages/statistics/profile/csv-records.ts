const newline = 0x0a;
const quote = 0x22;

/** Bytes of the first `limit` records, with their line ends; of all if there are fewer. A line feed within quotes ends none. */
export function recordsLength(bytes: Uint8Array, limit: number): number {
  let records = 0;
  let quoted = false;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === quote) quoted = !quoted;
    else if (bytes[at] === newline && !quoted) records += 1;
    if (records === limit) return at + 1;
  }
  return bytes.length;
}

/** The fields of one record, without quotes and line end (RFC 4180). */
export function fieldsOf(record: string, delimiter: string): string[] {
  const fields: string[] = [];
  const text = record.replace(/\r?\n$/, '');
  let at = 0;
  do {
    const end = text[at] === '"' ? afterQuotes(text, at) : at;
    const next = text.indexOf(delimiter, end);
    const stop = next === -1 ? text.length : next;
    fields.push(unquoted(text.slice(at, end)) + text.slice(end, stop));
    at = stop + 1;
  } while (at <= text.length);
  return fields;
}

/** The place after the quote that closes the one at `start`. */
function afterQuotes(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at + 1;
  }
  return text.length;
}

function unquoted(field: string): string {
  return field.slice(1, -1).replaceAll('""', '"');
}

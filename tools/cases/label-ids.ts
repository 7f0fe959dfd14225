const separator = /[,;\t|]/;
/** The id in a JSON line, whichever way the name is spelled, and in SageMaker's ground truth. */
const jsonId = /"(?:inference[-_ ]?id|event_?id|id)"\s*:\s*("(?:[^"\\]|\\.)*"|[^,}\s]+)/i;
/** A header's column that holds ids. */
const idColumn = /^"?\s*(inference[-_ ]?id|id)\s*"?$/i;

/**
 * The inference ids that a file of labels names, each once, in their order: however the file spells its names, so that the predictions are
 * there whose labels it means to be.
 */
export function labelIds(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  const isJson = /^[[{]/.test((lines[0] ?? '').replace(/^\uFEFF/, '').trim());
  const ids = isJson ? lines.flatMap(jsonIds) : csvIds(lines);
  return [...new Set(ids.filter((id) => id !== ''))];
}

function jsonIds(line: string): string[] {
  return [...line.matchAll(new RegExp(jsonId, 'gi'))].map(([, id = '']) => unquoted(id));
}

function csvIds(lines: readonly string[]): string[] {
  const rows = lines.map((line) => line.replace(/^\uFEFF/, '').split(separator));
  const header = rows.findIndex((fields) => fields.some((field) => idColumn.test(field.trim())));
  const column = header === -1 ? 0 : (rows[header]?.findIndex((field) => idColumn.test(field.trim())) ?? 0);
  return rows.slice(header + 1).map((fields) => unquoted(fields[column]?.trim() ?? ''));
}

function unquoted(text: string): string {
  return /^".*"$/s.test(text) ? text.slice(1, -1) : text;
}

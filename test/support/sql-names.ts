import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** SQL of the sources: what stands between backticks with one of these words in it. */
const sqlPattern = /\b(?:SELECT|COPY|GROUP BY|ORDER BY|FILTER)\b/;

export interface SqlText {
  readonly path: string;
  /** Without what is filled in, and without literals. */
  readonly text: string;
}

/** Where SQL over a user's columns may stand. */
const rooms = ['functions', 'domain', 'packages/statistics/tables', 'packages/statistics/profile'];

/** All SQL in the sources of the functions. */
export function sqlTexts(): SqlText[] {
  return rooms
    .flatMap((room) =>
      readdirSync(room, { recursive: true, encoding: 'utf8' }).map((path) => join(room, path)),
    )
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => templatesOf(readFileSync(path, 'utf8')).map((text) => ({ path, text })))
    .filter(({ text }) => sqlPattern.test(text))
    .map(({ path, text }) => ({ path, text: text.replaceAll(/'[^']*'/g, ' ') }));
}

/** Names that a statement gives: columns by `AS name`, table expressions by `name AS (`. */
export function namesGiven({ text }: SqlText): string[] {
  return [
    ...text.matchAll(/\bAS\s+"?([a-z]\w*)"?/g),
    ...text.matchAll(/(?:\bWITH|,)\s+"?([a-z]\w*)"?\s+AS\s*\(/g),
  ].map(([, name]) => name ?? '');
}

/** Names that a statement gives and refers to as well. */
export function namesReferredTo(sql: SqlText): string[] {
  return [...new Set(namesGiven(sql))].filter(
    (name) =>
      [...sql.text.matchAll(new RegExp(`(?<!\\.)\\b${name}\\b(?!\\s*\\()`, 'g'))].length >
      namesGiven(sql).filter((given) => given === name).length,
  );
}

/** Words of SQL that the sources use, in capitals. */
export function keywords(): string[] {
  const words = sqlTexts().flatMap(({ text }) => [...text.matchAll(/\b[A-Z]{2,}\b/g)].map(([word]) => word));
  return [...new Set(words)];
}

/** Texts between backticks; what `${…}` fills in is left out, and its own templates are texts of their own. */
function templatesOf(source: string): string[] {
  const found: string[] = [];
  const open: { text: string; depth: number }[] = [];
  for (let at = 0; at < source.length; at += 1) {
    const top = open.at(-1);
    const inText = top !== undefined && top.depth === 0;
    const character = source[at] ?? '';
    if (character === '\\') at += 1;
    else if (character === '`') {
      if (inText) found.push(open.pop()?.text ?? '');
      else open.push({ text: '', depth: 0 });
    } else if (inText && character === '$' && source[at + 1] === '{') {
      top.depth = 1;
      top.text += ' ';
      at += 1;
    } else if (inText) top.text += character;
    else if (top !== undefined && character === '{') top.depth += 1;
    else if (top !== undefined && character === '}') top.depth -= 1;
  }
  return found;
}

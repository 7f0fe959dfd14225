import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** A Markdown page of the repository. */
export interface Page {
  readonly path: string;
  readonly text: string;
  /** Text outside fenced code, with empty lines where that was. */
  readonly prose: string;
}

const folders = ['docs', 'packages', 'domain', 'laptop'];

/** Every page for people: those of `docs/`, of the rooms, and at the top. */
export function pages(): Page[] {
  const paths = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.md') && !path.includes('node_modules'))
      .map((path) => join(folder, path)),
  );
  return ['README.md', 'CONTRIBUTING.md', ...paths.sort()].map(readPage);
}

export function readPage(path: string): Page {
  const text = readFileSync(path, 'utf8');
  return { path, text, prose: withoutFences(text) };
}

function withoutFences(text: string): string {
  let fenced = false;
  return text
    .split('\n')
    .map((line) => {
      if (!line.startsWith('```')) return fenced ? '' : line;
      fenced = !fenced;
      return '';
    })
    .join('\n');
}

/** Words of a page, with those of tables and code: what holds a letter or a digit. */
export function countWords({ text }: Page): number {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

export function headingsOf({ prose }: Page): string[] {
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
}

/** The anchor that GitHub gives to a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}

/** Links of a page within the repository that lead nowhere. */
export function brokenLinks(page: Page): string[] {
  return [...page.prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => !leadsSomewhere(page, target))
    .map((target) => `${page.path}: ${target}`);
}

function leadsSomewhere(page: Page, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? page.path : normalize(join(dirname(page.path), file));
  if (!existsSync(path)) return false;
  return anchor === undefined || headingsOf(readPage(path)).map(anchorOf).includes(anchor);
}

/** What a page names in code spans and commands, by its form: files with an extension of ours, and anything with a slash. */
export function namedPaths({ text }: Page): string[] {
  const code = [...text.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([span]) => span).join('\n');
  return [
    ...new Set(
      [...code.matchAll(/(?<![\w/.:@$~"<>=-])[\w.-]+(?:\/[\w.*<>{}…,-]*)+|[\w.-]+\.(?:ts|asl\.json)\b/g)].map(
        ([path]) => path.replace(/[.,]+$/, ''),
      ),
    ),
  ];
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Lists of the same words that are of different things, and may change by themselves. */
const differentThings: Readonly<Record<string, string>> = {
  'DISABLED,ENABLED': 'the state of a rule of EventBridge, and of a schedule of Scheduler',
};

const sources = ['domain', 'functions', 'infra', 'laptop', 'packages', 'tools', 'bench']
  .flatMap((root) => readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => join(root, path)))
  .filter((path) => path.endsWith('.ts') && !path.includes('node_modules') && !/\/test\//.test(path))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }));

function enumsIn(text: string): string[] {
  return [...text.matchAll(/\bz\s*\.enum\(\s*\[([^\]]*)\]/g)].flatMap(([, list = '']) => {
    const words = [...list.matchAll(/'([^']*)'/g)].map(([, word]) => word);
    return list.includes('...') || words.length === 0 ? [] : [words.sort().join(',')];
  });
}

it('a list is declared once: no z.enum has the words of another, in whatever order', () => {
  const places = new Map<string, string[]>();
  for (const { path, text } of sources) {
    for (const words of enumsIn(text)) places.set(words, [...(places.get(words) ?? []), path]);
  }

  expect(places.size).toBeGreaterThan(40);
  const twice = [...places].filter(([words, paths]) => paths.length > 1 && !(words in differentThings));
  expect(Object.fromEntries(twice)).toEqual({});
  expect(Object.keys(differentThings).filter((words) => (places.get(words)?.length ?? 0) < 2)).toEqual([]);
  expect(enumsIn("z.enum(['b', 'a']); z\n.enum([ 'a',\n 'b' ])")).toEqual(['a,b', 'a,b']);
});

describe('a switch', () => {
  /** The packages have their own, and the compiler reports a missing case where something is returned. */
  const product = sources.filter(({ path }) => /^(domain|functions|infra|laptop)\//.test(path));

  it('says what happens in any other case, as a rule that there is none', () => {
    const all = product.flatMap(({ path, text }) => switchesIn(text).map((body) => ({ path, body })));

    expect(all.length).toBeGreaterThan(40);
    expect(all.filter(({ body }) => !/\bdefault:/.test(body)).map(({ path }) => path)).toEqual([]);
    expect(
      all.filter(({ body }) => /default:\s*return( undefined| null)?;/.test(body)).map(({ path }) => path),
    ).toEqual([]);
  });
});

/** The bodies of the switch statements of a file. */
function switchesIn(text: string): string[] {
  return [...text.matchAll(/\bswitch \(/g)].map(({ index }) => {
    const begin = text.indexOf('{', index);
    let depth = 0;
    for (let at = begin; at < text.length; at += 1) {
      if (text[at] === '{') depth += 1;
      if (text[at] === '}') depth -= 1;
      if (depth === 0) return text.slice(begin, at);
    }
    return '';
  });
}

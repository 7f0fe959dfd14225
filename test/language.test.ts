import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pages, readPage } from './support/pages.ts';
import { avoidedIn, avoidedWords } from './support/plain-words.ts';

/** Why a page may have such a word after all: the words around it, and the reason. */
const exceptions: Readonly<Record<string, readonly { readonly around: string; readonly because: string }[]>> =
  {};

/**
 * How often sources use such words, tests among them. New text must not: a count may only fall. Lower it when you have rewritten some.
 */
const counts: Readonly<Record<string, number>> = {
  'packages/statistics': 1,
  'packages/xgboost': 0,
  'packages/region': 137,
  domain: 0,
  functions: 0,
  infra: 0,
  laptop: 0,
  'state-machines': 0,
  test: 204,
  bench: 0,
  tools: 0,
};

/** Counts may lie below what is allowed by so many, so that two changes at a time do not meet in this file. */
const slack = 15;

describe('plain words', () => {
  it.each(pages())('are what $path is written in', ({ path, text }) => {
    // The table of words to avoid names them.
    const checked = path === 'CONTRIBUTING.md' ? (text.split('| word | instead |')[0] ?? '') : text;
    const allowed = exceptions[path] ?? [];

    expect(
      avoidedIn(checked).filter((found) => !allowed.some(({ around }) => found.includes(around))),
    ).toEqual([]);
    for (const { around } of allowed) expect(text.replaceAll(/\s+/g, ' ')).toContain(around);
  });

  it('CONTRIBUTING.md lists the words to avoid', () => {
    const [, table = ''] = readPage('CONTRIBUTING.md').text.split('| word | instead |\n|---|---|\n');
    const listed = table
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .map((line) => line.split('|')[1]?.trim());

    expect(listed).toEqual(avoidedWords.map(({ word }) => word));
  });

  it.each(Object.entries(counts))(
    'are what new text in %s is written in: at most %i old exceptions are left',
    (room, allowed) => {
      const files = readdirSync(room, { recursive: true, encoding: 'utf8' })
        .map((path) => join(room, path))
        .filter((path) => /\.(ts|asl\.json)$/.test(path) && !path.includes('node_modules'))
        // Where the words are listed.
        .filter((path) => !/plain-words|language\.test/.test(path));
      expect(files.length).toBeGreaterThan(0);
      const found = files.flatMap((path) =>
        avoidedIn(readFileSync(path, 'utf8')).map((around) => `${path}: ${around}`),
      );

      if (found.length > allowed)
        expect(found).toEqual([`at most ${allowed} of these; see CONTRIBUTING.md, Language`]);
      expect(found.length, 'lower the count in this file').toBeGreaterThanOrEqual(allowed - slack);
    },
  );
});

describe('avoidedIn', () => {
  it.each([
    ['Whoever calls it', 1],
    ['there is no failure, and it is no longer there', 0],
    ['this is no failure', 1],
    ['If there are no labels', 0],
    ['it goes on, in vain', 2],
    ['the latest', 0],
  ])('finds in "%s" %i', (text, count) => {
    expect(avoidedIn(text)).toHaveLength(count);
  });
});

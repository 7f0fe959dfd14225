import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { domainEventSchemas } from '@tidemark/domain/events/domain-events.schema.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../infra/config.schema.ts';
import { brokenLinks, countWords, headingsOf, namedPaths, pages, readPage } from './support/pages.ts';

const all = pages();
const design = all.filter(({ path }) => path.startsWith('docs/design/'));

/** Pages of what a user does with the product. Retiring is a story of three capabilities. */
const capabilities = [
  ...readdirSync('infra', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('-capability.ts'))
    .map((path) => basename(path, '-capability.ts')),
  'retire',
];
const skeleton = [
  'What you do',
  'What you get',
  'States',
  'Decisions',
  'Once and again',
  'Failures',
  'Limits',
];

describe('a design page', () => {
  it.each(capabilities)('of %s has the headings of the skeleton, in order', (capability) => {
    const headings = headingsOf(readPage(`docs/design/${capability}.md`));

    expect(headings.filter((heading) => skeleton.includes(heading))).toEqual(skeleton);
  });

  it.each(design)('$path has at most 1,500 words', (page) => {
    expect(countWords(page)).toBeLessThanOrEqual(1500);
  });

  it.each(design)('$path is on the map of the index', ({ path }) => {
    const map = readPage('docs/design/index.md').text;

    expect(map).toContain(`(${basename(path) === 'index.md' ? 'contracts.md' : basename(path)})`);
  });
});

/** What a benchmark writes into a page keeps its own lines. */
const withoutMeasured = (text: string) =>
  text.replaceAll(/<!-- measured: npm[\s\S]*?<!-- measured: until here[^>]*-->/g, '');

// SUPPORT.md is a reference of tables and long lists.
it.each(all.filter(({ path }) => !path.endsWith('/SUPPORT.md')))(
  'the prose of $path has lines of at most 100 characters',
  ({ prose }) => {
    const wide = withoutMeasured(prose)
      .split('\n')
      .filter((line) => line.length > 100 && !/^\s*\||^!\[|^`[^`]+`\S?$/.test(line));

    expect(wide).toEqual([]);
  },
);

describe('the glossary', () => {
  const [, glossary = ''] = readPage('docs/design/index.md').text.split('## Glossary\n');
  const rows = glossary.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| word'));

  it('has about 25 words or more, each once and in order', () => {
    const words = rows.map((row) => row.split('|')[1]?.trim() ?? '');

    expect(words.length).toBeGreaterThanOrEqual(25);
    expect(words).toEqual([...new Set(words)].sort());
  });

  it.each(rows)('links a word to its page: %s', (row) => {
    expect(row).toMatch(/\[[^\]]+\]\([a-z]+\.md(#[a-z-]+)?\) \|$/);
  });
});

describe('the contracts page', () => {
  const contracts = readPage('docs/design/contracts.md').text;

  it.each(Object.keys(domainEventSchemas))('names the event %s', (type) => {
    expect(contracts).toContain(`\`${type}\``);
  });

  it('names no event that is not in the code', () => {
    const [, section = ''] = contracts.split('## Domain events\n');
    const [table = ''] = section.split('**Events hold');
    const named = [...table.matchAll(/`([a-z]+\.[a-z-]+)`/g)].map(([, type = '']) => type);

    expect(named.sort()).toEqual(Object.keys(domainEventSchemas).sort());
  });

  it('names every item of the registry', () => {
    const made = [
      ...[keys.meta('<m>'), keys.batches('<m>'), keys.batch('<m>', '<batchId>')],
      ...[keys.arrival('<m>', '<batchId>', '<key>'), keys.dataset('<m>', '<datasetId>')],
      ...[keys.run('<m>', '<runId>'), keys.monitor('<m>'), keys.window('<m>', '<windowId>')],
      ...[keys.retraining('<m>', '<retrainingId>'), keys.event('<m>', '<time>', '<eventId>')],
      ...[keys.recorded('<m>', '<eventId>'), keys.claim('<capability>#<hash>'), keys.fleet],
      ...[keys.modelIndex('<m>'), keys.storeFormat],
      { ...keys.version('<m>', 1), sk: `${keys.versionPrefix}<8 digits>` },
    ];
    const makers = Object.values(keys).filter((key) => typeof key !== 'string').length;
    // `arrivalPrefix` and `modelPk` make a part of a key.
    expect(made).toHaveLength(makers - 2);

    expect(
      made.map(({ pk, sk }) => `| \`${pk}\` / \`${sk}\` |`).filter((row) => !contracts.includes(row)),
    ).toEqual([]);
  });
});

describe('the deployment guide', () => {
  it.each(Object.keys(configSchema.shape))('says what the setting %s is for', (setting) => {
    expect(readPage('docs/deploying.md').text).toMatch(new RegExp(`\`${setting}[\`.]`));
  });
});

describe('links and paths', () => {
  it.each(all)('of $path lead somewhere', (page) => {
    expect(brokenLinks(page)).toEqual([]);
  });

  const files = ['docs', 'domain', 'functions', 'infra', 'laptop', 'packages', 'state-machines', 'test']
    .concat(['tools', 'bench', 'models'])
    .flatMap((root) =>
      readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => join(root, path)),
    )
    .filter((path) => !path.includes('node_modules'));
  const names = new Set(files.map((path) => basename(path)));
  const made = ['build', 'cdk.out', 'node_modules', '.tidemark'];
  const roots = new Set(readdirSync('.').filter((root) => !made.includes(root)));

  /** Of a path with a placeholder only what stands before it. */
  function isThere(named: string, folder: string): boolean {
    if (!named.includes('/')) return names.has(named) || existsSync(named);
    const [fixed = ''] = named.split(/[<*{…]/);
    const path = fixed === named ? named : fixed.slice(0, fixed.lastIndexOf('/') + 1);
    return [path, join(folder, path)].some((candidate) => existsSync(candidate));
  }

  it.each(all)('that $path names in code are there', ({ path, text, prose }) => {
    const isPath = (named: string) =>
      named.includes('/')
        ? roots.has(named.split('/')[0] ?? '') || /\.(ts|md|asl\.json)$/.test(named) || /^local\//.test(named)
        : // `.schema.ts` is a suffix.
          !named.startsWith('.');

    expect(
      namedPaths({ path, text, prose })
        .filter(isPath)
        .filter((named) => !isThere(named, dirname(path))),
    ).toEqual([]);
  });

  it('in code lead to documents that are there', () => {
    const sources = files.filter((path) => /\.(ts|json)$/.test(path) && !/^docs\/|(^|\/)test\//.test(path));
    expect(sources.length).toBeGreaterThan(500);

    const missing = sources.flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/\b((?:docs|packages)\/[\w./-]+\.md)\b/g)]
        .map(([, document = '']) => document)
        .filter((document) => !existsSync(document))
        .map((document) => `${path}: ${document}`),
    );
    expect(missing).toEqual([]);
  });
});

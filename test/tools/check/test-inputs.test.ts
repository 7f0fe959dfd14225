import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testInputs } from '../../../tools/check/test-inputs.ts';

let root: string;

/** A repository with a package, a capability, a support file that reads, and four tests. */
const files: Readonly<Record<string, string>> = {
  'package-lock.json': '{}',
  'docs/page.md': 'a page',
  'packages/sums/package.json': '{}',
  'packages/sums/add.ts': 'export const add = (a: number, b: number) => a + b;',
  'packages/sums/table.csv': '1,2',
  'packages/sums/test/add.test.ts': "import '../add.ts';",
  'functions/a/inner.ts': 'export const inner = 1;',
  'functions/a/outer.ts': "export { inner } from './inner.ts';",
  'functions/b/other.ts': "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;",
  'test/support/pages.ts':
    "import { readdirSync } from 'node:fs';\nexport const pages = () => readdirSync('docs');",
  'test/a.test.ts': "import '../functions/a/outer.ts';",
  'test/b.test.ts': "import '../functions/b/other.ts';\nimport '../packages/sums/add.ts';",
  'test/names-a-file.test.ts': "import '../functions/b/other.ts';\nexport const path = 'docs/page.md';",
  'test/pages.test.ts': "import './support/pages.ts';",
};
const tests = Object.keys(files).filter((path) => path.endsWith('.test.ts'));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** The tests whose inputs differ when a file has another text. */
async function rerunBy(path: string): Promise<readonly string[]> {
  const before = await testInputs(tests, root);
  write(path, `${files[path] ?? ''}\n// more`);
  const after = await testInputs(tests, root);
  return tests.filter((test) => before.get(test) !== after.get(test));
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'inputs-'));
  execFileSync('git', ['init', '--quiet', root]);
  for (const [path, text] of Object.entries(files)) write(path, text);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const looking = ['test/names-a-file.test.ts', 'test/pages.test.ts'];

it.each([
  { changed: 'functions/a/inner.ts', others: ['test/a.test.ts'], why: 'an import of an import' },
  { changed: 'functions/b/other.ts', others: ['test/b.test.ts'], why: 'an import' },
  { changed: 'docs/page.md', others: [], why: 'a file that tests look at' },
  { changed: 'docs/new.md', others: [], why: 'a new file' },
  {
    changed: 'packages/sums/table.csv',
    others: ['packages/sums/test/add.test.ts', 'test/b.test.ts'],
    why: 'a file of a package',
  },
  {
    changed: 'packages/sums/test/add.test.ts',
    others: ['packages/sums/test/add.test.ts'],
    why: 'the test itself',
  },
])('$changed runs tests again: $why', async ({ changed, others }) => {
  expect(await rerunBy(changed)).toEqual([...others, ...looking]);
});

it('other locked packages run every test again', async () => {
  expect(await rerunBy('package-lock.json')).toEqual(tests);
});

it('nothing runs again when nothing has changed', async () => {
  expect(await testInputs(tests, root)).toEqual(await testInputs(tests, root));
});

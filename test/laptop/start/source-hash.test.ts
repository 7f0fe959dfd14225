import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sourceHash } from '../../../laptop/start/source-hash.ts';

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'tidemark-sources-'));
  for (const file of [
    'cdk.json',
    'package-lock.json',
    'packages/statistics/a.ts',
    'domain/a.ts',
    'functions/a.ts',
    'infra/app.ts',
    'state-machines/a.json',
  ]) {
    write(file, file);
  }
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function write(file: string, content: string): void {
  mkdirSync(dirname(join(project, file)), { recursive: true });
  writeFileSync(join(project, file), content);
}

describe('sourceHash', () => {
  it('is the same for the same content', () => {
    const before = sourceHash(project);
    write('functions/a.ts', 'functions/a.ts');

    expect(sourceHash(project)).toBe(before);
  });

  it.each([
    ['a changed function', () => write('functions/a.ts', 'changed')],
    ['a changed noun', () => write('domain/a.ts', 'changed')],
    ['a changed formula', () => write('packages/statistics/a.ts', 'changed')],
    ['a new state machine', () => write('state-machines/b.json', '{}')],
    ['a changed lock file', () => write('package-lock.json', 'changed')],
    ['a changed context', () => write('cdk.json', 'changed')],
    ['a file in a new folder', () => write('infra/train/stack.ts', 'new')],
    ['a renamed file', () => renameSync(join(project, 'functions/a.ts'), join(project, 'functions/b.ts'))],
  ])('differs after %s', (_, change) => {
    const before = sourceHash(project);

    change();

    expect(sourceHash(project)).not.toBe(before);
  });

  it.each([
    ['an installed package', 'infra/layer/node_modules/x/index.js'],
    ['a hidden file', 'functions/.DS_Store'],
    ['a test of a formula', 'packages/statistics/test/a.test.ts'],
    ['a document', 'docs/design.md'],
  ])('is not changed by %s', (_, file) => {
    const before = sourceHash(project);

    write(file, 'anything');

    expect(sourceHash(project)).toBe(before);
  });
});

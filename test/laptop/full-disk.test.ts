import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const preload = pathToFileURL(resolve('test/support/full-disk.mjs')).href;

let project: string;
beforeAll(() => {
  // A copy of the sources, which has no bundle yet.
  project = mkdtempSync(join(tmpdir(), 'full-disk-'));
  for (const name of [
    'laptop',
    'domain',
    'functions',
    'infra',
    'packages',
    'models',
    'package.json',
    'package-lock.json',
  ])
    cpSync(name, join(project, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(project, 'node_modules'));
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** Starts with a disk on which nothing can be written below a path. */
function startWith(full: string): Promise<{ code: unknown; stderr: string }> {
  const args = [
    '--import',
    preload,
    join(project, 'laptop', 'launch.mjs'),
    '--state',
    join(project, 'state'),
  ];
  return new Promise((done) => {
    const env = { ...process.env, FULL_DISK: full };
    execFile(process.execPath, args, { env, cwd: project }, (error, _stdout, stderr) =>
      done({ code: error?.code ?? 0, stderr }),
    );
  });
}

describe('a full disk is told with the path and what to do, and without a stack', () => {
  it.each([
    ['where the start’s own bundle goes', () => join(project, 'build'), 'build/start'],
    ['where the state goes', () => join(project, 'state'), 'state'],
  ])('%s', async (_where, full, told) => {
    const { code, stderr } = await startWith(full());

    expect(code).toBe(1);
    expect(stderr).toContain('The disk is full');
    expect(stderr).toContain(join(project, told));
    expect(stderr).toContain('Make room');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

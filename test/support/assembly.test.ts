import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { synthesisedAssembly } from './assembly.ts';

it('an assembly for tests is made once, and stays as it is whatever other runs do', async () => {
  const [first, second] = await Promise.all([synthesisedAssembly(), synthesisedAssembly()]);
  const files = readdirSync(first, { recursive: true });
  // As when somebody edits a source and starts another run.
  await rm('build/test-assembly/cloud-assembly/source-hash', { force: true });

  expect(second).toBe(first);
  expect(first).toContain(basename(tmpdir()));
  expect(files.length).toBeGreaterThan(10);
  expect(await synthesisedAssembly()).toBe(first);
  expect(readdirSync(first, { recursive: true })).toEqual(files);
  expect(existsSync('build/test-assembly/lock')).toBe(false);
});

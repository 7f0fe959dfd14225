import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleFunctions, functionDirectory } from '../../infra/bundle.ts';

describe('the bundle of a handler', () => {
  let codeVersion: string;
  const directories = readdirSync('functions', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.lambda.ts'))
    .map((path) => path.replace('.lambda.ts', '').split(/[\\/]/))
    .map(([capability = '', name = '']) => functionDirectory(capability, name));

  beforeAll(() => {
    codeVersion = bundleFunctions();
  });

  it('is complete: a directory holds every file that its files load, and no other', () => {
    expect(directories.length).toBeGreaterThan(15);
    for (const directory of directories) {
      const files = new Set(readdirSync(directory));
      const loaded = new Set(['index.js', 'package.json']);
      for (const file of loaded) {
        const text = readFileSync(join(directory, file), 'utf8');
        for (const [, name = ''] of text.matchAll(/["`]\.\/(shared-\w+\.js)["`]/g)) loaded.add(name);
      }
      expect(files).toEqual(loaded);
    }
  });

  it('is the same for the same sources', () => {
    expect(bundleFunctions()).toBe(codeVersion);
  });
});

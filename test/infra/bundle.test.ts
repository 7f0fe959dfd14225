import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
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

  it('is complete: it holds every part that its parts load, and loads nothing from files but what its layer has', () => {
    expect(directories.length).toBeGreaterThan(15);
    for (const directory of directories) {
      expect(readdirSync(directory).sort()).toEqual(['code.js', 'index.js', 'package.json']);
      const text = readFileSync(join(directory, 'code.js'), 'utf8');
      const loaded = [...text.matchAll(/\brequire\(["`]([^"`]+)["`]\)/g)].map(([, name = '']) => name);
      const parts = [...text.matchAll(/^(?:const parts=\{)?"(\.\/[^"]+)"\(module,/gm)].map(
        ([, name]) => name,
      );
      expect(parts.length).toBeGreaterThan(1);
      expect(
        loaded.filter(
          (name) =>
            !parts.includes(name) &&
            !builtinModules.includes(name) &&
            !/^(node:|@duckdb\/|@aws-sdk\/signature-v4-crt$)/.test(name),
        ),
      ).toEqual([]);
      expect(text).not.toMatch(/\bimport\(/);
    }
  });

  it('is the same for the same sources', () => {
    expect(bundleFunctions()).toBe(codeVersion);
  });
});

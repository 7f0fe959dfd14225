import { storeFormat } from '@tidemark/domain/registry/store-format.ts';
import { describe, expect, it } from 'vitest';
import { keptRelease, machinePlacesIn } from './kept-release.ts';

const { version, files } = keptRelease();

describe('the release that is kept', () => {
  it('has templates, state machines and functions, and no package of a layer', () => {
    const paths = Object.keys(files);

    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(paths.filter((path) => path.endsWith('.template.json'))).toHaveLength(2);
    expect(paths.filter((path) => /^asset\.[0-9a-f]{64}\.json$/.test(path)).length).toBeGreaterThanOrEqual(7);
    expect(paths.filter((path) => path.endsWith('/code.js')).length).toBeGreaterThanOrEqual(39);
    expect(paths.filter((path) => path.includes('node_modules'))).toEqual([]);
  });

  it('names no place of the machine that made it', () => {
    const found = Object.entries(files).flatMap(([path, text]) =>
      machinePlacesIn(text).map((place) => `${path}: ${place}`),
    );

    expect(found).toEqual([]);
  });

  it('stores the format that the present code stores, so that this can be deployed over it', () => {
    const [format] = Object.values(files).flatMap(
      (text) => /-registry-of-format-(\d+)/.exec(text)?.[1] ?? [],
    );

    // Until release 0.2.0: keep the present release again (`npx tsx tools/keep-release.ts`). From then on: a migration, and its test.
    expect(Number(format)).toBe(storeFormat);
  });
});

it.each([
  ['/home/ada/tidemark/infra/app.ts', ['/home/ada']],
  ['at C:\\Users\\Ada\\x', ['C:\\Users\\Ada']],
  [`under ${process.cwd()}/build`, [process.cwd()]],
  ['arn:aws:iam::111122223333:root, s3://home/, /users/list', []],
])('a place of a machine is found in %j', (text, places) => {
  expect(machinePlacesIn(text)).toEqual(expect.arrayContaining(places));
  expect(machinePlacesIn(text).length > 0).toBe(places.length > 0);
});

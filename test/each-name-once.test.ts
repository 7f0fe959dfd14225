import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const rooms = ['domain', 'functions', 'infra', 'laptop', 'packages'];
const sources = rooms
  .flatMap((room) => readdirSync(room, { recursive: true, encoding: 'utf8' }).map((path) => join(room, path)))
  .filter((path) => path.endsWith('.ts') && !/\/(node_modules|test)\//.test(path));

/** What a source declares and exports. What it only passes on belongs to the source that declares it. */
function exportedBy(text: string): string[] {
  const declared = [
    ...text.matchAll(
      /^export (?:default )?(?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type|enum) (\w+)/gm,
    ),
  ].map(([, name = '']) => name);
  const listed = [...text.matchAll(/^export (?:type )?\{([^}]*)\};/gm)]
    .flatMap(([, list = '']) => list.split(','))
    .map((item) => item.replace(/^\s*(type )?/, '').trim())
    .map((item) => item.split(' as ').at(-1) ?? '')
    .filter((name) => name !== '' && !isImported(text, name));
  // Overloads of one function are one name.
  return [...new Set([...declared, ...listed])];
}

function isImported(text: string, name: string): boolean {
  return new RegExp(`^import [^;]*\\b${name}\\b[^;]* from `, 'm').test(text);
}

/** The places of what has more than one. */
function twice(placed: readonly (readonly [name: string, path: string])[]): Record<string, string[]> {
  const places: Record<string, string[]> = {};
  for (const [name, path] of placed) places[name] = [...(places[name] ?? []), path];
  return Object.fromEntries(Object.entries(places).filter(([, paths]) => paths.length > 1));
}

describe('a name means one thing', () => {
  it('no two sources of the product and its packages declare and export the same name', () => {
    const exported = sources
      .flatMap((path) => exportedBy(readFileSync(path, 'utf8')).map((name) => [name, path] as const))
      // Lambda calls what it runs by this name: `entry` makes each of them, and nothing imports one.
      .filter(([name, path]) => name !== 'handler' || !path.endsWith('.lambda.ts'));

    expect(exported.length).toBeGreaterThan(2500);
    expect(twice(exported)).toEqual({});
  });

  it('no two files of the product have the same name, but for what each capability has under one name', () => {
    const ofEachCapability = /^functions\/\w+\/(workflow\.schema|record-failure\.lambda)\.ts$/;
    const files = sources
      .filter((path) => !path.startsWith('packages/') && !ofEachCapability.test(path))
      .map((path) => [basename(path), path] as const);

    expect(files.length).toBeGreaterThan(400);
    expect(twice(files)).toEqual({});
  });

  it('an export is seen in each of its forms', () => {
    const text = [
      "import { passedOn } from './a.ts';",
      'export const one = 1;',
      'export async function two() {}',
      'export abstract class Three {}',
      'export interface Four {}',
      'export type Five = 5;',
      'export function two(value: number): void;',
      'const six = 6;',
      'export { passedOn, six, one as seven, type Eight };',
      "export { nine } from './b.ts';",
      'const inner = 0;',
    ].join('\n');

    expect(exportedBy(text)).toEqual(['one', 'two', 'Three', 'Four', 'Five', 'six', 'seven', 'Eight']);
    expect(
      twice([
        ['a', 'x.ts'],
        ['b', 'x.ts'],
        ['a', 'y.ts'],
      ]),
    ).toEqual({ a: ['x.ts', 'y.ts'] });
  });
});

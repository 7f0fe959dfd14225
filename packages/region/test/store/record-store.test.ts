import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { RecordStore } from '../../store/record-store.ts';

let directory: string;
let store: RecordStore;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'store-'));
  store = await RecordStore.open(directory);
});
afterEach(async () => {
  await store.close();
  await rm(directory, { recursive: true });
});

const numbers = () => store.collection('number', z.number());
const keysOf = async (range: { prefix?: string; after?: string } = {}) => {
  const keys: string[] = [];
  for await (const [key] of numbers().entries(range)) keys.push(key);
  return keys;
};
const byUtf8 = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other));

test('records come back, also after the store was closed', async () => {
  await store.write([numbers().put('a', 1)]);
  await store.close();
  store = await RecordStore.open(directory);

  expect(await numbers().get('a')).toBe(1);
  expect(await numbers().get('b')).toBeUndefined();
});

test('collections do not see each other, whatever their names have in common', async () => {
  const others = ['num', 'numbers'].map((name) => store.collection(name, z.number()));
  await store.write([numbers().put('a', 1), ...others.map((other) => other.put('a', 2))]);

  expect(await keysOf()).toEqual(['a']);
  await store.write([numbers().del('a')]);
  for (const other of others) expect(await other.get('a')).toBe(2);
});

test('a collection cannot have a name that would reach into another', () => {
  expect(() => store.collection('number!', z.number())).toThrow('cannot name a collection');
});

test('ranges have exactly their keys, in the order of UTF-8', async () => {
  const key = fc.string({ unit: fc.constantFrom('a', 'b', '\0', 'é', '\uffff', '🎈'), maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(key, { maxLength: 12 }), key, key, async (keys, prefix, after) => {
      await store.write(keys.map((name, index) => numbers().put(name, index)));
      const sorted = [...keys].sort(byUtf8);

      expect(await keysOf()).toEqual(sorted);
      expect(await keysOf({ prefix })).toEqual(sorted.filter((name) => name.startsWith(prefix)));
      expect(await keysOf({ prefix, after })).toEqual(
        sorted.filter((name) => name.startsWith(prefix) && byUtf8(name, after) > 0),
      );
      await store.write(keys.map((name) => numbers().del(name)));
    }),
    { numRuns: 50 },
  );
});

test('a record that does not fit its schema is an error, not a wrong value', async () => {
  await store.write([store.collection('number', z.string()).put('a', 'text')]);

  await expect(numbers().get('a')).rejects.toThrow('expected number');
});

import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { CorruptStateError } from '../../store/corrupt-state-error.ts';
import { diskTrouble } from '../../store/disk-trouble.ts';
import { RecordStore } from '../../store/record-store.ts';
import { readStateFile, readStateLines, writeStateFile } from '../../store/state-file.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'state-file-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const schema = z.object({ a: z.number() });
const file = () => join(directory, 'deep', 'file.json');

describe('a file of lines', () => {
  it('has those that were written whole', () => {
    writeStateFile(file(), '{"a":1}\n{"a":2}\n{"a"');

    expect(readStateLines(file(), schema)).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('that is not there has none', () => {
    expect(readStateLines(file(), schema)).toEqual([]);
  });

  it.each(['{"a":\n', '\n', '{"a":"1"}\n'])('with the line %j in it is named as corrupt', (line) => {
    writeStateFile(file(), '{"a":1}\n');
    appendFileSync(file(), `${line}{"a":2}\n`);

    expect(() => readStateLines(file(), schema)).toThrow(CorruptStateError);
    expect(() => readStateLines(file(), schema)).toThrow(file());
  });
});

describe('a state file', () => {
  it('is read as it was written, and leaves nothing beside it', () => {
    writeStateFile(file(), JSON.stringify({ a: 1 }));
    writeStateFile(file(), JSON.stringify({ a: 2 }));

    expect(readStateFile(file(), schema)).toEqual({ a: 2 });
    expect(readdirSync(join(directory, 'deep'))).toEqual(['file.json']);
  });

  it('that is not there is nothing', () => {
    expect(readStateFile(file(), schema)).toBeUndefined();
  });

  it.each(['', '{"a":', '{"a":"1"}', 'null', '\0\0\0'])('that holds %j is named as corrupt', (text) => {
    writeStateFile(file(), text);

    expect(() => readStateFile(file(), schema)).toThrow(CorruptStateError);
    expect(() => readStateFile(file(), schema)).toThrow(file());
  });
});

describe('a record store', () => {
  it('whose files were spoilt is named as corrupt', async () => {
    const store = await RecordStore.open(directory);
    await store.close();
    writeFileSync(join(directory, 'CURRENT'), 'MANIF');

    await expect(RecordStore.open(directory)).rejects.toThrow(CorruptStateError);
    await expect(RecordStore.open(directory)).rejects.toThrow(directory);
  });

  it('with a record of another shape names it', async () => {
    const store = await RecordStore.open(directory);
    await store.write([store.collection('things', z.unknown()).put('k', 'text')]);

    await expect(store.collection('things', schema).get('k')).rejects.toThrow('record things!k');
    await store.close();
  });
});

describe('diskTrouble', () => {
  const system = (code: string) => Object.assign(new Error(`${code}: write`), { code, path: '/s/f' });

  it.each([
    [system('ENOSPC'), 'The disk is full (ENOSPC, at /s/f)'],
    [new Error('outer', { cause: system('EDQUOT') }), 'The quota of disk space is used up (EDQUOT'],
    [system('EROFS'), 'The file system is read-only (EROFS'],
    [Object.assign(system('ENOSPC'), { dest: '/s/copy' }), 'The disk is full (ENOSPC, at /s/copy)'],
    [
      new Error('The disk is full (ENOSPC, at /s/f). Make room; nothing is lost.'),
      'The disk is full (ENOSPC, at /s)',
    ],
    [new Error('IO error: /s/000005.log: No space left on device'), 'The disk is full (ENOSPC, at /s)'],
  ])('says of %s what it is', (error, text) => {
    expect(diskTrouble(error, '/s')).toContain(text);
  });

  it.each([[system('EACCES')], [new Error('no space')], ['text'], [undefined]])(
    'says nothing of %s',
    (error) => {
      expect(diskTrouble(error)).toBeUndefined();
    },
  );
});

import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { misplaced, prepareDropFolder, watchDropFolder } from '../../../laptop/start/drop-folder.ts';

let directory: string;
let stop: AbortController;
let watching: Promise<void>;
let taken: string[];
let ignored: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tidemark-drop-'));
  prepareDropFolder(directory, 'a');
  stop = new AbortController();
  taken = [];
  ignored = [];
});
afterEach(async () => {
  stop.abort();
  await watching;
  rmSync(directory, { recursive: true, force: true });
  rmSync(`${directory}.json`, { force: true });
});

function watch(take = async (key: string) => void taken.push(key)): void {
  watching = watchDropFolder({
    directory,
    ledgerFile: `${directory}.json`,
    signal: stop.signal,
    take: ({ key }) => take(key),
    onIgnored: (file, why) => ignored.push(`${file}: ${why}`),
  });
}

function drop(key: string, content: string): void {
  mkdirSync(join(directory, key, '..'), { recursive: true });
  writeFileSync(join(directory, key), content);
}

describe('watchDropFolder', () => {
  it('takes what lies there, what is added, and what is changed, each once', async () => {
    drop('definitions/a.yaml', 'name: a');
    watch();
    await vi.waitFor(() => expect(taken).toEqual(['definitions/a.yaml']), 10_000);

    drop('incoming/a/deep/one.csv', 'x\n1\n');
    await vi.waitFor(() => expect(taken).toHaveLength(2), 10_000);
    appendFileSync(join(directory, 'incoming/a/deep/one.csv'), '2\n');
    await vi.waitFor(() => expect(taken).toHaveLength(3), 10_000);

    expect(taken).toEqual(['definitions/a.yaml', 'incoming/a/deep/one.csv', 'incoming/a/deep/one.csv']);
    expect(ignored).toEqual([]);
  });

  it('does not take a file again after a restart, but one that came meanwhile', async () => {
    drop('incoming/a/one.csv', 'x\n1\n');
    watch();
    await vi.waitFor(() => expect(taken).toHaveLength(1), 10_000);
    stop.abort();
    await watching;
    drop('incoming/a/two.csv', 'x\n2\n');

    stop = new AbortController();
    watch();
    await vi.waitFor(() => expect(taken).toHaveLength(2), 10_000);

    expect(taken).toEqual(['incoming/a/one.csv', 'incoming/a/two.csv']);
  });

  it('says what is wrong with a file that is misplaced or cannot be taken, and goes on', async () => {
    watch(async (key) => {
      if (key.includes('bad')) throw new Error('no room');
      taken.push(key);
    });

    drop('lost.csv', 'x\n1\n');
    drop('incoming/a/bad.csv', 'x\n1\n');
    drop('incoming/a/good.csv', 'x\n1\n');
    await vi.waitFor(() => expect([taken.length, ignored.length]).toEqual([1, 2]), 10_000);

    expect(taken).toEqual(['incoming/a/good.csv']);
    expect(ignored.sort()).toEqual([
      `${join(directory, 'incoming/a/bad.csv')}: no room`,
      `${join(directory, 'lost.csv')}: only definitions/<model>.yaml, incoming/<model>/<file> and labels/<model>/<file> are looked at`,
    ]);
  });
});

describe('misplaced', () => {
  it.each(['definitions/a.yaml', 'incoming/a/x.csv', 'incoming/a/b/x.csv', 'labels/a/x.csv'])(
    'finds nothing wrong with %s',
    (key) => {
      expect(misplaced(key)).toBeUndefined();
    },
  );

  it.each(['x.csv', 'definitions/a.json', 'definitions/deep/a.yaml', 'incoming/x.csv', 'captures/a/x.csv'])(
    'says why %s is not looked at',
    (key) => {
      expect(misplaced(key)).toContain('incoming/<model>/<file>');
    },
  );
});

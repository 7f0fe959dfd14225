import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { caseFolders, readCaseFolder } from '../../tools/cases/case-folder.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tidemark-case-folder-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), '');
  }
}

const dropsOf = () =>
  readCaseFolder(directory).drops.map((drop) => drop.map(({ name, keyName }) => `${name} → ${keyName}`));

describe('a file is known by its name:', () => {
  it('definitions, labels, requests, records and events are told from data', () => {
    write(
      'definition.yaml',
      'other.yml',
      'notes.md',
      '.DS_Store',
      'labels.jsonl',
      'labels-typo.csv',
      'request.json',
      'requests.json',
      'next-records.json',
      'event.json',
      'orders.json',
      'region/a.parquet',
    );

    const folder = readCaseFolder(directory);

    expect(folder.definition?.name).toBe('definition.yaml');
    expect(folder.otherDefinitions.map(({ name }) => name)).toEqual(['other.yml']);
    expect(folder.labels.map(({ name }) => name)).toEqual(['labels-typo.csv', 'labels.jsonl']);
    expect(folder.requests.map(({ name }) => name)).toEqual(['request.json', 'requests.json']);
    expect(folder.nextRecords?.name).toBe('next-records.json');
    expect(folder.event?.name).toBe('event.json');
    expect(dropsOf()).toEqual([['orders.json → orders.json', 'region/a.parquet → region/a.parquet']]);
  });

  it('data files come in one drop, markers last', () => {
    write('_SUCCESS', 'bad.jsonl', 'good2.csv', 'good1.csv', 'part-00001.parquet');

    expect(dropsOf()).toEqual([
      [
        'bad.jsonl → bad.jsonl',
        'good1.csv → good1.csv',
        'good2.csv → good2.csv',
        'part-00001.parquet → part-00001.parquet',
        '_SUCCESS → _SUCCESS',
      ],
    ]);
  });

  it('data files with a number are dropped one after the other over one key, by number', () => {
    write('data10.csv', 'data2-corrected.csv', 'data1.csv', 'data3.jsonl.gz');

    expect(dropsOf()).toEqual([
      ['data1.csv → data.csv'],
      ['data2-corrected.csv → data.csv'],
      ['data3.jsonl.gz → data.jsonl.gz'],
      ['data10.csv → data.csv'],
    ]);
  });

  it('numbered files are dropped one after the other under their own names, after what has no number', () => {
    write('2-february.csv', '1-january.csv', 'data.csv');

    expect(dropsOf()).toEqual([
      ['data.csv → data.csv'],
      ['1-january.csv → 1-january.csv'],
      ['2-february.csv → 2-february.csv'],
    ]);
  });
});

describe('cases are found', () => {
  it('below a folder of folders, by name, where texts beside them are none', () => {
    write('README.md', 'b/data.csv', 'a/data.csv', 'c/d/data.csv', 'empty/notes.md');

    expect(caseFolders(directory).map((path) => path.slice(directory.length + 1))).toEqual(['a', 'b', 'c/d']);
  });

  it('in the folder itself when it holds files', () => {
    write('definition.yaml', 'part/data.csv');

    expect(caseFolders(directory)).toEqual([directory]);
  });

  it('or it is said that there is none', () => {
    expect(() => caseFolders(directory)).toThrow(/There is no case in/);
    expect(() => caseFolders(join(directory, 'nowhere'))).toThrow(/There is no folder/);
  });
});

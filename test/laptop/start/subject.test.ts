import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { flightsFile } from '../../../laptop/start/sample-flights.ts';
import { StartError } from '../../../laptop/start/start-error.ts';
import { prepareSubject } from '../../../laptop/start/subject.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tidemark-subject-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function file(name: string, content = ''): string {
  const path = join(directory, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const prepare = (definition: string, ...data: string[]) =>
  prepareSubject(
    { kind: 'own', definition, data },
    { projectDirectory: process.cwd(), stateDirectory: directory },
  );

describe('a subject of one’s own', () => {
  it('is called what the definition says, whatever its file is called', async () => {
    const definition = file('anything.yaml', 'name: churn\nproblem: binary\ntarget: left\n');
    const data = file('data.csv', 'a\n1\n');

    const subject = await prepare(definition, data);

    expect(subject).toEqual({ model: 'churn', definitionFile: definition, dataFiles: [data], traffic: [] });
  });

  it.each([
    ['is not YAML', 'name: [unclosed'],
    ['names nothing', 'problem: binary'],
    ['is empty', ''],
    ['has a name that is none', 'name: Not A Name'],
  ])('is called like its file when the definition %s', async (_, content) => {
    const subject = await prepare(file('churn.yaml', content), file('data.csv'));

    expect(subject.model).toBe('churn');
  });

  it.each([
    [
      'a definition that is missing',
      () => prepare(join(directory, 'none.yaml'), file('a.csv')),
      'There is no file',
    ],
    ['data that is missing', () => prepare(file('a.yaml'), join(directory, 'none.csv')), 'There is no file'],
    ['a folder', () => prepare(file('a.yaml'), directory), 'is a folder'],
    [
      'two files of one name',
      () => prepare(file('a.yaml'), file('x/a.csv'), file('y/a.csv')),
      'are called a.csv',
    ],
  ])('is refused with %s', async (_, prepared, message) => {
    await expect(prepared()).rejects.toThrow(StartError);
    await expect(prepared()).rejects.toThrow(message);
  });
});

describe('the example', () => {
  it('is six weeks of flights from the east, each as it is in the source, and weeks to come', async () => {
    const subject = await prepareSubject(
      { kind: 'example' },
      { projectDirectory: process.cwd(), stateDirectory: directory },
    );

    const [sample] = subject.dataFiles;
    const counts = await rows(`
      WITH source AS (FROM read_parquet('${flightsFile}') WHERE date < '2001-02-12'),
           sample AS (FROM read_parquet('${sample}'))
      SELECT (SELECT count(*) FROM sample) AS selected,
             (SELECT count(*) FROM (FROM sample EXCEPT ALL FROM source)) AS altered,
             (SELECT count(*) FROM (FROM source EXCEPT ALL FROM sample) WHERE origin IN (SELECT origin FROM sample)) AS missing,
             (SELECT count(*) FROM sample WHERE origin IN ('LAX', 'SEA', 'DEN', 'PHX')) AS western`);
    expect(subject.model).toBe('flight-delay');
    expect(counts).toEqual([{ selected: '488663', altered: '0', missing: '0', western: '0' }]);
    expect(subject.traffic.map(({ flights }) => flights.leaving)).toEqual(['east', 'west', 'west', 'west']);
    expect(subject.traffic.every(({ flights }) => flights.from >= '2001-02-12')).toBe(true);
  });
});

async function rows(sql: string) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

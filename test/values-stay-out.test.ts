import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { regionClients } from '../laptop/start/region-clients.ts';
import { readCaseFolder } from '../tools/cases/case-folder.ts';
import { CaseRecord, RunCase } from '../tools/cases/run-case.ts';
import { badFiles, csv, digits, isMarked, mark, row, rows } from './support/marked-data.ts';
import { type RegionUnderTest, startRegion } from './support/region.ts';

const definition = `
name: marked
problem: binary
target: churned
ingestion: { complete: each-file }
segments: [plan]
training:
  hyperparameters: { num_round: 10, max_depth: 3 }
gates: { absolute: { auc: { atLeast: 0.51 } } }
monitoring: { every: hour, minimumRows: 50, quality: { minimumLabels: 50 } }
`;

const asked = (index: number, shift: number) => {
  const { churned, ...features } = row(index, shift);
  return features;
};

const requests = [
  { records: [{ age: `${mark}old`, plan: `${mark}plan1` }] },
  { records: [{ unheard: `${mark}` }] },
  { records: [{ age: { value: `${mark}` } }] },
  { records: [`${mark}`] },
  { records: `${mark}` },
  { records: [{ age: Number(`${digits}1`), plan: `${mark}unheard`, note: `${mark}`, more: `${mark}` }] },
];

let subject: RegionUnderTest;
let directory: string;
let folder: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tidemark-values-'));
  folder = mkdtempSync(join(tmpdir(), 'tidemark-case-'));
  subject = await startRegion({ processes: true, stateDirectory: directory });
});
afterAll(async () => {
  await subject.stop();
  for (const each of [directory, folder]) rmSync(each, { recursive: true, force: true });
});

const put = (name: string, text: string) => writeFileSync(join(folder, name), text);

function writeFiles(): void {
  put('definition.yaml', definition);
  put('1-good.csv', csv(rows));
  // Each way to reject a file is tried in test/ingest; these are two, through the whole product.
  put('2-ragged.csv', badFiles['ragged.csv'].text);
  put('3-third-class.csv', badFiles['third-class.csv'].text);
  const labels = rows.slice(0, 300).map(({ churned }, index) => `n-${index},${churned}`);
  put('labels-good.csv', `inference_id,label\n${labels.join('\n')}\n`);
  put('labels-typo.csv', `inference_id,lable\nn-1,${mark}yes\n`);
  put('labels-strange.csv', `inference_id,label\nn-1,${mark}unheard\n${mark}id,${mark}no\n${mark}\n`);
  put('labels-json.jsonl', `{"inference_id": "n-2", "label": "${mark}\n{"${mark}": 1}\n`);
  put('requests.json', JSON.stringify(requests.map((request) => ({ model: 'marked', ...request }))));
  put('next-records.json', JSON.stringify(Array.from({ length: 300 }, (_, index) => asked(index, 900))));
}

/** Files below a directory whose name ends so. */
function filesBelow(path: string, ending: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name));
}

it('no event and no line of a log holds a value of the data, whatever is dropped, asked and labelled', async () => {
  writeFiles();
  const record = new CaseRecord();
  const { signal } = new AbortController();
  const { region } = subject;
  await new RunCase({ folder: readCaseFolder(folder), region, signal, progress: () => {}, record }).run();

  const events = await regionClients(region).registry.events('marked');
  const lines = filesBelow(directory, '.log').flatMap((path) => readFileSync(path, 'utf8').split('\n'));
  const types = new Set<string>(events.map(({ type }) => type));

  expect(events.map((event) => JSON.stringify(event)).filter(isMarked)).toEqual([]);
  expect(lines.filter(isMarked)).toEqual([]);
  // It all happened: nothing is proven by what did not.
  expect([...types]).toEqual(
    expect.arrayContaining([
      'dataset.committed',
      'data.rejected',
      'version.registered',
      'version.gated',
      'version.approved',
      'deployment.succeeded',
      'window.monitored',
      'drift.detected',
    ]),
  );
  expect(events.filter(({ type }) => type === 'data.rejected')).toHaveLength(2);
  expect(lines.length).toBeGreaterThan(100);
  expect(
    subject.invocations().filter(({ lines: [line] }) => line?.function === 'predict').length,
  ).toBeGreaterThan(5);
}, 600_000);

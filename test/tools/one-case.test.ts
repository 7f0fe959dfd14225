import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { builtInModel } from '../../tools/cases/built-in-model.ts';
import { oneCase } from '../../tools/cases/one-case.ts';
import { synthesisedAssembly } from '../support/assembly.ts';
import { inProcess } from '../support/in-process.ts';

// A case of several windows takes longer on a busy machine than a test may otherwise.
vi.setConfig({ testTimeout: 300_000 });

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tidemark-one-case-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function run(files: Readonly<Record<string, string>>, limitSeconds = 280) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return await oneCase({
    directory,
    assemblyDirectory: await synthesisedAssembly(),
    limitSeconds,
    signal: new AbortController().signal,
    progress: () => undefined,
    account: { runFunction: inProcess() },
  });
}

it('a case tells what came of its files, requests and labels', async () => {
  const { definition, data } = builtInModel('customers');
  const { document, isComplete } = await run({
    'definition.yaml': `${definition}monitoring: { every: hour, minimumRows: 50 }\n`,
    'data.csv': data,
    'nothing.csv': '',
    'requests.json':
      '[{"model":"customers","records":[{"age":41}]},{"model":"nobody","records":[{"age":41}]}]',
    'labels.csv': 'inference_id,label\nn-0,yes\nn-1,no\n',
  });

  expect(document).toMatchObject({
    end: 'at rest',
    definitions: [{ outcome: 'model.onboarded' }],
    files: [
      { file: 'data.csv', outcome: 'committed' },
      { file: 'nothing.csv', outcome: 'quarantined', problems: [{ check: 'empty-file' }] },
    ],
    datasets: [{ rows: 400, columns: expect.arrayContaining([{ name: 'plan', type: 'string' }]) }],
    versions: [{ version: 1, status: 'live', metrics: { auc: { value: expect.any(Number) } } }],
    answers: [
      { file: 'for labels', records: 2 },
      { file: 'requests.json', request: 1, answer: { version: 1 } },
      { file: 'requests.json', request: 2, error: { name: 'ModelNotFoundError' } },
    ],
    labels: [{ file: 'labels.csv', key: 'labels/customers/labels.csv' }],
    windows: expect.arrayContaining([
      expect.objectContaining({
        counts: expect.objectContaining({ rows: 2, labels: expect.objectContaining({ joined: 2 }) }),
      }),
    ]),
    models: [{ model: 'customers', liveVersion: 1, lease: null }],
    failedExecutions: [],
    region: [],
  });
  expect(isComplete).toBe(true);
});

it('a case without a definition has a model of our own, beside which another is refused', async () => {
  const { document } = await run({ 'churn.yaml': 'name: churn\nproblem: binery\ntarget: cancelled\n' });

  expect(document).toMatchObject({
    end: 'at rest',
    definitions: [
      { model: 'built-in', outcome: 'model.onboarded' },
      { model: 'churn', outcome: 'definition.rejected' },
    ],
    models: expect.arrayContaining([
      expect.objectContaining({ model: 'built-in', liveVersion: 1 }),
      { model: 'churn', registered: false },
    ]),
  });
});

it('a case that takes too long is ended, and tells what there was', async () => {
  const { definition } = builtInModel('customers');
  const { document, isComplete } = await run({ 'definition.yaml': definition }, 0.2);

  expect(document).toMatchObject({ end: 'limit', why: expect.stringContaining('0.2 s'), versions: [] });
  expect(isComplete).toBe(false);
});

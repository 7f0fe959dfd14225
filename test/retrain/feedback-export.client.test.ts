import { readFile } from 'node:fs/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../functions/datasets/duckdb.client.ts';
import type { Encoding } from '../../functions/datasets/encoding.schema.ts';
import { Objects } from '../../functions/datasets/objects.client.ts';
import { captureKeys, dataKeys } from '../../functions/names.ts';
import {
  FeedbackExport,
  type FeedbackLimits,
  feedbackLimits,
} from '../../functions/retrain/feedback-export.client.ts';
import { FeedbackSources } from '../../functions/retrain/feedback-sources.client.ts';
import { type Services, startServices } from '../support/services.ts';

let services: Services;
let s3: S3Client;
let model: string;
let models = 0;

beforeAll(async () => {
  services = await startServices({ buckets: { data: {}, artifacts: {} } });
  s3 = new S3Client(services.sdkConfig);
});
afterAll(() => services.stop());
beforeEach(() => {
  models += 1;
  model = `model-${models}`;
});

const encoding: Encoding = {
  schemaVersion: 1,
  model: 'any',
  problem: 'regression',
  target: { column: 'delay', above: null, classes: [] },
  features: [{ kind: 'number', column: 'distance' }],
  encodedColumns: ['distance'],
};

/** An object of predictions of an hour of 1 March, one per id. */
async function predict(hour: number, ids: readonly string[]): Promise<void> {
  const two = String(hour).padStart(2, '0');
  const lines = ids.map((inferenceId, index) =>
    JSON.stringify({
      schemaVersion: 1,
      model,
      version: 1,
      inferenceId,
      time: `2026-03-01T${two}:00:00.000Z`,
      record: { distance: hour * 100 + index },
      prediction: [1],
    }),
  );
  const Key = `${captureKeys(model).byFunction}2026/03/01/${two}/direct.jsonl`;
  await s3.send(new PutObjectCommand({ Bucket: 'artifacts', Key, Body: lines.join('\n') }));
}

async function label(name: string, labels: Readonly<Record<string, number>>): Promise<void> {
  const lines = Object.entries(labels).map(([id, value]) => `${id},${value}`);
  const Key = `${dataKeys.labels(model)}${name}`;
  const Body = ['inference_id,label', ...lines].join('\n');
  await s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body }));
}

async function exported(limits: Partial<FeedbackLimits> = {}) {
  const objects = new Objects(s3);
  const sources = new FeedbackSources(objects, { data: 'data', artifacts: 'artifacts' });
  const plan = {
    model,
    encoding,
    columns: [
      { name: 'distance', type: 'integer' as const },
      { name: 'delay', type: 'integer' as const },
    ],
    time: undefined,
    since: new Date('2026-02-01T00:00:00Z'),
    used: [],
  };
  return Database.with(1769, async (database) => {
    const means = { sources, objects, limits: { ...feedbackLimits, ...limits } };
    const { rowsPath, notes, rows } = await new FeedbackExport(database, plan, means).run();
    const text = rows === 0 ? '' : await readFile(rowsPath, 'utf8');
    return { rows: text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)])), notes };
  });
}

describe('an export', () => {
  it('has the labelled predictions, each with the label that came last', async () => {
    await predict(9, ['a', 'b', 'c']);
    await label('1.csv', { a: 1, b: 1 });
    await label('2.csv', { b: 2, nobody: 5 });

    const { rows, notes } = await exported();

    expect(rows).toEqual([
      { distance: 900, delay: 1 },
      { distance: 901, delay: 2 },
    ]);
    expect(notes).toEqual(['3 captured predictions and 4 labels were looked at.']);
  });

  it.each<[string, Partial<FeedbackLimits>]>([
    ['predictions than one function can read', { predictions: 2 }],
    ['rows than fit on its disk', { rowBytes: 100 }],
  ])('of more %s has the latest, and says so', async (_, limits) => {
    await predict(9, ['a']);
    await predict(10, ['b', 'c']);
    await label('1.csv', { a: 1, b: 2, c: 3 });

    const { rows, notes } = await exported(limits);

    expect(rows).toEqual([
      { distance: 1000, delay: 2 },
      { distance: 1001, delay: 3 },
    ]);
    expect(notes[1]).toMatch(/none from before 2026-03-01T10:00:00\.000Z was looked at/);
  });

  it('of more labels than one function can read has the latest, and says so', async () => {
    await predict(9, ['a', 'b']);
    // S3 tells times to the second only.
    await label('1.csv', { a: 1, b: 1 });
    await label('2.csv', { b: 2 });

    const { rows, notes } = await exported({ labels: 1 });

    expect(rows).toEqual([{ distance: 901, delay: 2 }]);
    expect(notes).toContain('The labels are the latest too.');
  });
});

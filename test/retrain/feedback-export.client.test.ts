import { readFile } from 'node:fs/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { captureKeys, dataKeys } from '@tidemark/domain/names.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

interface Asked {
  readonly limits?: Partial<FeedbackLimits>;
  readonly trainedRows?: number;
  readonly maximumLabelFileShare?: number;
  readonly used?: readonly ObjectPin[];
}

async function exported({ limits = {}, trainedRows = 1000, maximumLabelFileShare, used = [] }: Asked = {}) {
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
    used,
    trainedRows,
    maximumLabelFileShare,
  };
  return Database.with(1769, async (database) => {
    const means = { sources, objects, limits: { ...feedbackLimits, ...limits } };
    const feedback = await new FeedbackExport(database, plan, means).run();
    const { rowsPath, inferenceIdsPath, notes, labels } = feedback;
    const text = feedback.rows === 0 ? '' : await readFile(rowsPath, 'utf8');
    const rows = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
    models += 1;
    const Key = `retraining/${models}/inference-ids.parquet`;
    const ids =
      feedback.rows === 0 ? null : await objects.putFileVersion('artifacts', Key, inferenceIdsPath, 'a/b');
    return { rows, notes, labels, ids };
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
    expect(notes[0]).toBe('3 captured predictions and 4 labels were looked at.');
  });

  it.each<[string, Partial<FeedbackLimits>]>([
    ['predictions than one function can read', { predictions: 2 }],
    ['rows than fit on its disk', { rowBytes: 100 }],
  ])('of more %s has the latest, and says so', async (_, limits) => {
    await predict(9, ['a']);
    await predict(10, ['b', 'c']);
    await label('1.csv', { a: 1, b: 2, c: 3 });

    const { rows, notes } = await exported({ limits });

    expect(rows).toEqual([
      { distance: 1000, delay: 2 },
      { distance: 1001, delay: 3 },
    ]);
    expect(notes[1]).toMatch(/none from before 2026-03-01T10:00:00\.000Z was read/);
  });

  it('of more labels than one function can read has the latest, and says so', async () => {
    await predict(9, ['a', 'b']);
    // S3 tells times to the second only.
    await label('1.csv', { a: 1, b: 1 });
    await label('2.csv', { b: 2 });

    const { rows, notes } = await exported({ limits: { labels: 1 } });

    expect(rows).toEqual([{ distance: 901, delay: 2 }]);
    expect(notes).toContain('The labels are the latest too.');
  });
});

const idsOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${name}-${index}`);
const labelled = (ids: readonly string[], value = 1) => Object.fromEntries(ids.map((id) => [id, value]));

describe('an export of labels of several files', () => {
  const key = (name: string) => `${dataKeys.labels(model)}${name}`;

  /** Files with so many labels each, of predictions of their own. */
  async function files(sizes: Readonly<Record<string, number>>): Promise<void> {
    let hour = 0;
    for (const [name, count] of Object.entries(sizes)) {
      const ids = idsOf(name, count);
      await predict(hour, ids);
      await label(name, labelled(ids, hour));
      hour += 1;
    }
  }

  it('holds back what is more than one file may have of old and new rows, and says how much of which', async () => {
    await files({ 'a.csv': 10, 'b.csv': 10, 'c.csv': 500 });

    const { rows, labels, notes } = await exported({ trainedRows: 100 });

    // 120 of 240 rows are half of them.
    expect(rows).toHaveLength(140);
    expect(rows.filter(({ delay }) => delay === 2)).toHaveLength(120);
    expect(labels).toEqual({
      datasetRows: 240,
      files: 3,
      largest: { key: key('c.csv'), versionId: expect.any(String), rows: 120 },
      maximumShare: 0.5,
      heldBack: { rows: 380, files: [{ key: key('c.csv'), versionId: expect.any(String), rows: 380 }] },
      replaced: { labels: 0, files: [] },
    });
    expect(notes.slice(1)).toEqual([
      `The labels are from 3 files; the most are from \`${key('c.csv')}\`: 120 of 240 rows to train and judge with (50 %).`,
      `380 labelled rows were held back (380 of \`${key('c.csv')}\`): labels of one file may be 50 % of the rows (\`retraining.maximumLabelFileShare\`).`,
      'If that file is right, raise the share (1 means no limit), and a later retraining takes the rest; if it is wrong, correct it or delete it.',
    ]);
  });

  it('takes the same rows each time', async () => {
    await files({ 'a.csv': 300 });

    const runs = [
      await exported({ trainedRows: 100, maximumLabelFileShare: 0.25 }),
      await exported({ trainedRows: 100, maximumLabelFileShare: 0.25 }),
    ];

    expect(runs[0]?.rows).toHaveLength(33);
    expect(runs[1]?.rows).toEqual(runs[0]?.rows);
  });

  it('takes all of a lone file, however large, and says whose word that is', async () => {
    await files({ 'month.csv': 400 });

    const { rows, labels, notes } = await exported({ trainedRows: 100 });

    expect(rows).toHaveLength(400);
    expect(labels).toMatchObject({ files: 1, maximumShare: null, heldBack: { rows: 0 } });
    expect(notes.at(-1)).toMatch(/The writer of that file decides what is learnt/);
  });

  it('keeps to a share of the definition however few the files are', async () => {
    await files({ 'month.csv': 400 });

    const { rows } = await exported({ trainedRows: 90, maximumLabelFileShare: 0.1 });

    expect(rows).toHaveLength(10);
  });

  it('counts what earlier retrainings took of the same file', async () => {
    await files({ 'a.csv': 400 });
    const first = await exported({ trainedRows: 90, maximumLabelFileShare: 0.1 });
    const used = first.ids === null ? [] : [first.ids];

    const second = await exported({ trainedRows: 190, maximumLabelFileShare: 0.1, used });

    // 20 of 200 rows, ten of them before.
    expect(second.rows).toHaveLength(10);
    expect(second.labels).toMatchObject({ datasetRows: 200, largest: { rows: 20 } });
  });

  it('says whose labels were replaced by whom, and counts a row as of the file that has the last word', async () => {
    const ids = idsOf('p', 20);
    await predict(1, ids);
    await label('1-lab.csv', labelled(ids, 1));
    await label('2-stranger.csv', { ...labelled(ids.slice(0, 15), 9), [ids[15] ?? '']: 1 });

    const { rows, labels, notes } = await exported();

    expect(rows.filter(({ delay }) => delay === 9)).toHaveLength(15);
    expect(labels).toMatchObject({
      files: 2,
      largest: { key: key('2-stranger.csv'), rows: 16 },
      replaced: { labels: 15, files: [{ key: key('1-lab.csv'), by: key('2-stranger.csv'), labels: 15 }] },
    });
    expect(notes.at(-1)).toBe(
      `Labels were replaced by others that came later: 15 labels of \`${key('1-lab.csv')}\` by \`${key('2-stranger.csv')}\`.`,
    );
  });

  it('does not let who replaces the labels of all others pass for a lone labeller', async () => {
    const ids = idsOf('p', 60);
    await predict(1, ids);
    await label('1.csv', labelled(ids.slice(0, 30), 1));
    await label('2.csv', labelled(ids.slice(30), 1));
    await label('3.csv', labelled(ids, 9));

    const { rows, labels } = await exported({ trainedRows: 20 });

    expect(labels).toMatchObject({ files: 3, maximumShare: 0.5 });
    expect(rows).toHaveLength(20);
  });
});

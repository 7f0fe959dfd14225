import { gzipSync } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { CaptureLine } from '@tidemark/domain/captures/capture-line.schema.ts';
import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import type { Manifest, ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import { type Definition, definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { definitionHash } from '@tidemark/domain/definition/definition-hash.ts';
import { domainEvent } from '@tidemark/domain/events/domain-event.ts';
import { alarmName, captureKeys, dataKeys, runKeys } from '@tidemark/domain/names.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import { Monitors } from '@tidemark/domain/registry/monitors.client.ts';
import type {
  Episode,
  EpisodeKind,
  ModelRecord,
  RetrainingRecord,
} from '@tidemark/domain/registry/records.schema.ts';
import type { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type * as z from 'zod';
import { Retrainings } from '../../functions/retrain/retrainings.client.ts';
import { connectRegistry, modelRecord, putModel } from '../support/registry.ts';
import { versionRecord } from '../train/train-records.ts';
import { artifactsBucket, dataBucket, eventBus, type RetrainRegion } from './retrain-region.ts';

type DefinitionInput = z.input<typeof definitionSchema>;

let models = 0;

/** How many labelled predictions a model may learn from, in its smallest form. */
export const enoughRows = 200;

/** A model with a live version, in an episode of drift that nobody has answered; one of its own for each test. */
export class RetrainedModel {
  readonly name: string;
  readonly definition: Definition;
  readonly #region: RetrainRegion;
  readonly #table: RegistryTable;
  readonly #s3: S3Client;
  #captures = 0;

  private constructor(region: RetrainRegion, definition: Partial<DefinitionInput>) {
    models += 1;
    this.name = `model-${models}`;
    this.definition = definitionSchema.parse({
      problem: 'binary',
      target: { column: 'delay', above: 15 },
      ...definition,
      name: this.name,
    });
    this.#region = region;
    this.#table = connectRegistry(region);
    this.#s3 = new S3Client(region.sdkConfig);
  }

  static async drifting(
    region: RetrainRegion,
    definition: Partial<DefinitionInput> = {},
  ): Promise<RetrainedModel> {
    const model = new RetrainedModel(region, definition);
    await putModel(model.#table, {
      ...modelRecord(model.name),
      definition: model.definition,
      definitionHash: definitionHash(model.definition),
      liveVersion: 1,
      nextVersion: 2,
    });
    const datasetId = await model.commitDataset(1, []);
    await model.#putVersion(datasetId);
    await model.begin('drift');
    return model;
  }

  /** An episode begins, as the monitor says it. */
  async begin(kind: EpisodeKind, more: Partial<Episode> = {}): Promise<Episode> {
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const windowId = since.replaceAll(/[-:]|\.\d{3}/g, '');
    const episode: Episode = {
      episodeId: `${kind}-1-${windowId}-${Math.random()}`,
      version: 1,
      since,
      windowId,
      alarmedAt: null,
      retrainingId: null,
      ...more,
    };
    const before = await new Monitors(this.#table).find(this.name);
    const none = { model: this.name, running: null, lastWindowId: null, drift: null, quality: null };
    await this.#table.put({ Item: { ...keys.monitor(this.name), ...(before ?? none), [kind]: episode } });
    return episode;
  }

  async episode(kind: EpisodeKind = 'drift'): Promise<Episode | null> {
    return (await new Monitors(this.#table).find(this.name))?.[kind] ?? null;
  }

  async endEpisode(kind: EpisodeKind = 'drift'): Promise<void> {
    const before = await new Monitors(this.#table).find(this.name);
    await this.#table.put({ Item: { ...keys.monitor(this.name), ...before, [kind]: null } });
  }

  /** CloudWatch's event for the model's alarm going off. */
  alarm(kind: EpisodeKind = 'drift', id = `alarm-${this.name}-${kind}`, at = new Date()): object {
    return {
      id,
      source: 'aws.cloudwatch',
      'detail-type': 'CloudWatch Alarm State Change',
      detail: {
        alarmName: alarmName('dev', this.name, kind),
        state: { value: 'ALARM', timestamp: at.toISOString().replace('Z', '+0000') },
        previousState: { value: 'OK' },
      },
    };
  }

  /** The event of a further window in the episode. */
  nextWindow({ episodeId, version, windowId }: Episode, cause = 'window-2'): object {
    const facts = {
      model: this.name,
      causeId: cause,
      message: 'The drift goes on.',
      version,
      episodeId,
      windowId,
      reportKey: 'report.json',
      features: ['distance'],
    };
    const { type, detail } = domainEvent('drift.continued', facts, new Date());
    return { source: 'tidemark', 'detail-type': type, detail };
  }

  /** Predictions as the function captures them, one object of them. */
  async predict(
    ids: readonly string[],
    record: (id: string) => Record<string, unknown> = flight,
  ): Promise<void> {
    const lines = ids.map(
      (inferenceId): CaptureLine => ({
        schemaVersion: 1,
        model: this.name,
        version: 1,
        inferenceId,
        time: new Date().toISOString(),
        record: record(inferenceId),
        prediction: [0.5],
      }),
    );
    await this.putCapture(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  async putCapture(text: string): Promise<void> {
    this.#captures += 1;
    const hour = new Date().toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
    const key = `${captureKeys(this.name).byFunction}${hour}/capture-${this.#captures}.gz`;
    await this.#put(artifactsBucket, key, gzipSync(text));
  }

  async label(file: string, labels: Readonly<Record<string, string | number>>): Promise<void> {
    const lines = Object.entries(labels).map(([id, label]) => `${id},${label}\n`);
    await this.#put(
      dataBucket,
      `${dataKeys.labels(this.name)}${file}`,
      `inference_id,label\n${lines.join('')}`,
    );
  }

  /** Enough labelled predictions for a retraining. */
  async labelledPredictions(prefix = 'p', count = enoughRows): Promise<string[]> {
    const ids = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
    await this.predict(ids);
    await this.label(`${prefix}.csv`, Object.fromEntries(ids.map((id, index) => [id, index % 40])));
    return ids;
  }

  /** What a retraining dropped: the file's lines, parsed. */
  async dropped(retrainingId: string): Promise<Record<string, unknown>[]> {
    const Key = dataKeys.feedback(this.name, retrainingId);
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: dataBucket, Key }));
    const text = (await Body?.transformToString()) ?? '';
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  /** Keys under the model's drop zone, in order. */
  async incoming(): Promise<string[]> {
    const created = await this.#region.eventsOn('default');
    const keysOf = created.flatMap(({ detail }) => {
      const key: unknown = Object(Object(detail).object).key;
      return typeof key === 'string' && key.startsWith(dataKeys.incoming(this.name)) ? [key] : [];
    });
    return keysOf.sort();
  }

  /** A dataset as ingest commits it, made of files with these keys. */
  async commitDataset(number: number, sourceKeys: readonly string[], rows = 1000): Promise<string> {
    const datasetId = `ds-${String(number).padStart(16, '0')}`;
    const pin = (key: string): ObjectPin => ({ bucket: dataBucket, key, versionId: 'v1' });
    const manifest: Manifest = {
      schemaVersion: 1,
      model: this.name,
      datasetId,
      createdAt: new Date().toISOString(),
      columns: [
        { name: 'delay', type: 'integer' },
        { name: 'distance', type: 'integer' },
        { name: 'origin', type: 'string' },
        { name: 'date', type: 'timestamp' },
      ],
      rows,
      splitRows: { train: rows - 300, validation: 150, holdout: 150 },
      splitMethod: 'hash',
      extends: null,
      batchId: 'batch-00000001',
      parts: [
        {
          partHash: 'p',
          object: pin('part.parquet'),
          rows,
          splitRows: { train: rows - 300, validation: 150, holdout: 150 },
          rowHashSums: { train: '1', validation: '1', holdout: '1' },
          missingInTexts: [],
          sources: sourceKeys.map(pin),
        },
      ],
      profileKey: 'validation.json',
    };
    const object = await this.#put(
      dataBucket,
      dataKeys.manifest(this.name, datasetId),
      JSON.stringify(manifest),
    );
    const record = { model: this.name, datasetId, manifest: object, rows, createdAt: manifest.createdAt };
    await this.#table.put({ Item: { ...keys.dataset(this.name, datasetId), ...record } });
    await this.change({ latestDatasetId: datasetId });
    return datasetId;
  }

  async record(): Promise<ModelRecord> {
    return new Models(this.#table).load(this.name);
  }

  /** Changes the model behind everybody's back. */
  async change(more: Partial<ModelRecord>): Promise<void> {
    await putModel(this.#table, { ...(await this.record()), ...more });
  }

  retrainings(): Promise<RetrainingRecord[]> {
    return new Retrainings(this.#table).list(this.name);
  }

  /** As a training run that carries the retraining out. */
  async train(): Promise<void> {
    const open = (await this.record()).openRetraining;
    if (!open) return;
    const record = await new Retrainings(this.#table).find(this.name, open);
    await this.#table.put({
      Item: { ...keys.retraining(this.name, open), ...record, status: 'training', runId: 'run-1' },
    });
    await this.change({ openRetraining: null });
  }

  /** Ingest rejects the file that a retraining dropped. */
  async rejectRows(): Promise<void> {
    const open = String((await this.record()).openRetraining);
    const event = domainEvent(
      'data.rejected',
      {
        model: this.name,
        causeId: 'ingest',
        message: 'One file was rejected.',
        batchId: 'batch-00000002',
        reportKey: `quarantine/${this.name}/batch-00000002/report.md`,
        files: [dataKeys.feedback(this.name, open)],
        reasons: [],
      },
      new Date(),
    );
    await this.#table.commit([], [event]);
  }

  /** The details of what was published about this model, with their types, in order. */
  async events(): Promise<{ type: string; detail: Record<string, unknown> }[]> {
    const all = await this.#region.eventsOn(eventBus);
    return all
      .filter(({ detail }) => Object(detail).model === this.name)
      .map((event) => ({ type: event['detail-type'], detail: Object(event.detail) }));
  }

  /** What the live version's training has written of its rows. */
  async prepared(rows: Readonly<Record<'train' | 'validation' | 'holdout', number>>): Promise<void> {
    const { runId } = versionRecord(1);
    await this.#put(artifactsBucket, runKeys(this.name, runId).preparation, JSON.stringify({ rows }));
  }

  async #putVersion(datasetId: string): Promise<void> {
    const encoding: Encoding = {
      schemaVersion: 1,
      model: this.name,
      problem: 'binary',
      target: { column: 'delay', above: 15, classes: ['at most 15', 'above 15'] },
      features: [{ kind: 'number', column: 'distance' }],
      encodedColumns: ['distance'],
    };
    const object = await this.#put(
      artifactsBucket,
      `runs/${this.name}/encoding.json`,
      JSON.stringify(encoding),
    );
    const version = versionRecord(1, {
      model: this.name,
      status: 'live',
      createdAt: new Date().toISOString(),
      encoding: object,
    });
    const dataset = { ...version.dataset, datasetId };
    await this.#table.put({ Item: { ...keys.version(this.name, 1), ...version, dataset } });
  }

  async #put(Bucket: string, Key: string, Body: string | Buffer): Promise<ObjectPin> {
    const { VersionId } = await this.#s3.send(new PutObjectCommand({ Bucket, Key, Body }));
    return { bucket: Bucket, key: Key, versionId: String(VersionId) };
  }
}

/** What a caller sends for a flight. */
export function flight(id: string): Record<string, unknown> {
  return { distance: id.length * 100, origin: 'SFO', date: '2026-03-01T10:00:00Z', gate: 'B7' };
}

import { readFile } from 'node:fs/promises';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type Manifest, type ObjectPin, splitNames } from '@tidemark/domain/datasets/manifest.schema.ts';
import { rowHash } from '@tidemark/domain/datasets/row-hash.ts';
import { splitByHash } from '@tidemark/domain/datasets/split.ts';
import { type Definition, definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { definitionHash } from '@tidemark/domain/definition/definition-hash.ts';
import { dataKeys } from '@tidemark/domain/names.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { Leases } from '@tidemark/domain/registry/leases.client.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import {
  type ModelRecord,
  type RunRecord,
  runRecordSchema,
  type VersionRecord,
  versionRecordSchema,
} from '@tidemark/domain/registry/records.schema.ts';
import type { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type { AwsEvent } from '@tidemark/region';
import type { Column } from '@tidemark/statistics/tables/column.schema.ts';
import { Database, wholeNumber } from '@tidemark/statistics/tables/duckdb.client.ts';
import { missingSpellings } from '@tidemark/statistics/tables/missing-values.ts';
import * as z from 'zod';
import { connectRegistry, modelRecord, putModel } from '../support/registry.ts';
import { dataBucket, eventBus, type TrainRegion } from './train-region.ts';

/** Rows as SQL, and what ingest would have found their columns to be. */
export interface Rows {
  readonly sql: string;
  readonly columns: Column[];
}

const rowCount = z.object({ rows: wholeNumber });

const sampleData = 'node_modules/vega-datasets/data';
const flightsFile = `${sampleData}/flights-3m.parquet`;

/** Real flights of the United States in 2001. `from` and `to` count rows in the file, which is in order of time. */
export function flights(from: number, to: number): Rows {
  return {
    sql: `SELECT * FROM '${flightsFile}' OFFSET ${from} LIMIT ${to - from}`,
    columns: [
      { name: 'date', type: 'timestamp' },
      { name: 'delay', type: 'integer' },
      { name: 'distance', type: 'integer' },
      { name: 'origin', type: 'string' },
      { name: 'destination', type: 'string' },
    ],
  };
}

/** The same flights with another target: `SQL AS name`, and its type. */
export function flightsWith(from: number, to: number, target: string, column: Column): Rows {
  const { sql, columns } = flights(from, to);
  return {
    sql: `SELECT * EXCLUDE (delay), ${target} AS ${column.name} FROM (${sql})`,
    columns: [...columns.filter(({ name }) => name !== 'delay'), column],
  };
}

export const lateFlights: z.input<typeof definitionSchema> = {
  name: 'flight-delay',
  problem: 'binary',
  target: { column: 'delay', above: 15 },
  segments: ['origin'],
};

let models = 0;

/** A model of its own for each test, so that tests do not meet. */
export class TrainedModel {
  readonly name: string;
  readonly definition: Definition;
  readonly #table: RegistryTable;
  readonly #s3: S3Client;
  readonly #region: TrainRegion;
  #datasets = 0;

  private constructor(region: TrainRegion, definition: z.input<typeof definitionSchema>) {
    models += 1;
    this.name = `model-${models}`;
    this.definition = definitionSchema.parse({ ...definition, name: this.name });
    this.#region = region;
    this.#table = connectRegistry(region);
    this.#s3 = new S3Client(region.sdkConfig);
  }

  static async onboard(
    region: TrainRegion,
    definition: z.input<typeof definitionSchema> = lateFlights,
  ): Promise<TrainedModel> {
    const model = new TrainedModel(region, definition);
    await model.redefine(model.definition);
    return model;
  }

  /** Replaces the definition, as a new file does; everything else stays. */
  async redefine(definition: Definition): Promise<void> {
    const { name } = this;
    const before = await new Models(this.#table).find(name);
    const record = before ?? modelRecord(name);
    await putModel(this.#table, { ...record, definition, definitionHash: definitionHash(definition) });
  }

  /** Commits a dataset as ingest does, and gives the event that says so. */
  async commit(...batches: Rows[]): Promise<{ datasetId: string; event: object }> {
    this.#datasets += 1;
    const number = String(this.#datasets).padStart(16, '0');
    const datasetId = `ds-${number}`;
    const manifest = await this.#put(datasetId, batches);
    const createdAt = new Date().toISOString();
    const { rows } = manifest;
    const pin = await this.#putObject(dataKeys.manifest(this.name, datasetId), JSON.stringify(manifest));
    const record = { model: this.name, datasetId, manifest: pin, rows, createdAt };
    await this.#table.put({ Item: { ...keys.dataset(this.name, datasetId), ...record } });
    await putModel(this.#table, { ...(await this.record()), latestDatasetId: datasetId });
    return { datasetId, event: this.committed(datasetId, rows) };
  }

  /** `dataset.committed` as EventBridge delivers it. */
  committed(datasetId: string, rows: number): object {
    return {
      source: 'tidemark',
      'detail-type': 'dataset.committed',
      detail: {
        schemaVersion: 1,
        eventId: `committed-${this.name}-${datasetId}`,
        model: this.name,
        time: '2026-03-01T12:00:00.000Z',
        causeId: 'upload',
        message: `${datasetId} of ${this.name} is committed.`,
        datasetId,
        rows,
        batchId: 'batch-00000001',
      },
    };
  }

  record(): Promise<ModelRecord> {
    return new Models(this.#table).load(this.name);
  }

  async versions(): Promise<VersionRecord[]> {
    return this.#items(keys.versionPrefix, versionRecordSchema);
  }

  async runs(): Promise<RunRecord[]> {
    return this.#items('RUN#', runRecordSchema);
  }

  get leases(): Leases {
    return new Leases(this.#table);
  }

  /** Somebody else, who is not to be waited for, takes the model from whoever has it. */
  async seize(owner: string): Promise<void> {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    await putModel(this.#table, { ...(await this.record()), lease: { owner, purpose: 'deploy', until } });
  }

  /** As `deploy` leaves a version that it has proven. */
  async goLive(version: number): Promise<void> {
    const record = (await this.versions()).find((each) => each.version === version);
    if (!record) throw new Error(`${this.name} has no version ${version}`);
    await this.#table.put({ Item: { ...keys.version(this.name, version), ...record, status: 'live' } });
    const live = { liveVersion: version, restoreVersion: null, lease: null };
    await putModel(this.#table, { ...(await this.record()), ...live });
  }

  /** Moves the live pointer behind everybody's back. @param restoreVersion what the model is to have again */
  async movePointer(liveVersion: number | null, restoreVersion: number | null = null): Promise<void> {
    await putModel(this.#table, { ...(await this.record()), liveVersion, restoreVersion });
  }

  /** The types of what was published about this model, in order. */
  async announced(): Promise<string[]> {
    return (await this.events()).map((event) => event['detail-type']);
  }

  async events(): Promise<readonly AwsEvent[]> {
    const all = await this.#region.eventsOn(eventBus);
    return all.filter(({ detail }) => Object(detail).model === this.name);
  }

  /** An object of exactly that version. */
  async read({ bucket, key, versionId }: ObjectPin): Promise<string> {
    const { Body } = await this.#s3.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }),
    );
    return (await Body?.transformToString()) ?? '';
  }

  async #items<T extends z.ZodType>(prefix: string, schema: T): Promise<z.infer<T>[]> {
    const items: z.infer<T>[] = [];
    for await (const item of this.#table.query(keys.modelPk(this.name), prefix, schema)) items.push(item);
    return items;
  }

  async #put(datasetId: string, batches: Rows[]): Promise<Manifest> {
    const parts: Manifest['parts'] = [];
    for (const [index, rows] of batches.entries()) parts.push(await this.#putPart(datasetId, index, rows));
    const total = (side: (typeof splitNames)[number]) =>
      parts.reduce((sum, { splitRows }) => sum + splitRows[side], 0);
    const splitRows = {
      train: total('train'),
      validation: total('validation'),
      holdout: total('holdout'),
    };
    return {
      schemaVersion: 1,
      model: this.name,
      datasetId,
      createdAt: new Date().toISOString(),
      columns: batches[0]?.columns ?? [],
      rows: splitRows.train + splitRows.validation + splitRows.holdout,
      splitRows,
      splitMethod: 'hash',
      extends: null,
      batchId: 'batch-00000001',
      parts,
      profileKey: 'profile',
    };
  }

  async #putPart(
    datasetId: string,
    index: number,
    { sql, columns }: Rows,
  ): Promise<Manifest['parts'][number]> {
    const makePart = async (database: Database) => {
      const path = database.path('part.parquet');
      const split = splitByHash(this.definition.split);
      await database.writeParquet(
        `SELECT *, ${split} AS _split FROM (SELECT *, ${rowHash(columns)} AS _row FROM (${sql}))`,
        path,
      );
      const sides = await Promise.all(
        splitNames.map(async (side) => {
          const query = `SELECT count(*) AS rows FROM '${path}' WHERE _split = '${side}'`;
          return (await database.rows(query, rowCount))[0]?.rows ?? 0;
        }),
      );
      const [train = 0, validation = 0, holdout = 0] = sides;
      const partHash = `${datasetId}-${index}`;
      const object = await this.#putObject(dataKeys.part(this.name, partHash), await readFile(path));
      const none = { train: '0', validation: '0', holdout: '0' };
      return {
        partHash,
        object,
        rows: train + validation + holdout,
        splitRows: { train, validation, holdout },
        rowHashSums: none,
        missingInTexts: [...missingSpellings],
        sources: [object],
      };
    };
    return Database.with(1769, makePart, [sampleData]);
  }

  async #putObject(key: string, Body: string | Buffer): Promise<ObjectPin> {
    const { VersionId } = await this.#s3.send(new PutObjectCommand({ Bucket: dataBucket, Key: key, Body }));
    return { bucket: dataBucket, key, versionId: String(VersionId) };
  }
}

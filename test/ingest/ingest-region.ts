import { writeFile } from 'node:fs/promises';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Manifest, manifestSchema } from '@tidemark/domain/datasets/manifest.schema.ts';
import { readParts } from '@tidemark/domain/datasets/read-parts.ts';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { type DomainEvent, domainEvent } from '@tidemark/domain/events/domain-event.ts';
import { domainEventSchema } from '@tidemark/domain/events/domain-events.schema.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { modelRecordSchema } from '@tidemark/domain/registry/records.schema.ts';
import type { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import * as z from 'zod';
import { batchesRecordSchema } from '../../functions/ingest/batch.schema.ts';
import type { End } from '../../packages/region/states/execution.ts';
import { type InstalledRegion, startInstalledRegion } from '../support/installed-region.ts';
import type { Machine, Meddle } from '../support/machine.ts';
import { connectRegistry, modelRecord, putModel } from '../support/registry.ts';

const bucket = 'data';
const bus = 'tidemark-dev';

/** Waits are this many times shorter than they say: a quiet period of 60 s takes 0.15 s. */
const speed = 400;

/** The deployed ingest machine with its real handlers, on S3, DynamoDB and EventBridge of the local region over HTTP. */
export class IngestRegion {
  readonly s3: S3Client;
  readonly table: RegistryTable;
  readonly #services: InstalledRegion;
  readonly machine: Machine;
  #models = 0;

  private constructor(services: InstalledRegion, machine: Machine) {
    this.#services = services;
    this.machine = machine;
    this.s3 = new S3Client(services.sdkConfig);
    this.table = connectRegistry(services);
  }

  static async start(): Promise<IngestRegion> {
    const services = await startInstalledRegion({ speed });
    return new IngestRegion(services, await services.machine('Ingest'));
  }

  async stop(): Promise<void> {
    this.s3.destroy();
    await this.#services.stop();
  }

  /** A name that no other test has. */
  newModel(): string {
    this.#models += 1;
    return `model-${this.#models}`;
  }

  /** Registers a model, as `onboard` does. @returns the event that tells of it. */
  async onboard(definition: { readonly name: string } & Readonly<Record<string, unknown>>): Promise<unknown> {
    const model = definition.name;
    await putModel(this.table, modelRecord(model, { definition: definitionSchema.parse(definition) }));
    const facts = { model, causeId: 'test', message: 'New.', definitionHash: 'h', created: true };
    return {
      source: 'tidemark',
      'detail-type': 'model.onboarded',
      detail: domainEvent('model.onboarded', facts, new Date()).detail,
    };
  }

  /** Retires a model, as `onboard` does. */
  async retire(model: string): Promise<void> {
    await this.#changeLifecycle(model, 'retired');
    const facts = { liveVersion: null, endpointName: 'endpoint', alarms: [], schedules: [] };
    await this.table.commit([], [domainEvent('model.retired', { ...about(model), ...facts }, new Date())]);
  }

  /** @returns the event that tells of it */
  async reactivate(model: string): Promise<unknown> {
    await this.#changeLifecycle(model, 'active');
    const event = domainEvent('model.reactivated', { ...about(model), restoring: null }, new Date());
    await this.table.commit([], [event]);
    return { source: 'tidemark', 'detail-type': event.type, detail: event.detail };
  }

  async #changeLifecycle(model: string, lifecycle: 'active' | 'retired'): Promise<void> {
    const record = await this.table.get(keys.meta(model), modelRecordSchema);
    if (!record) throw new Error(`There is no model ${model}.`);
    await putModel(this.table, { ...record, definition: { ...record.definition, lifecycle } });
  }

  /** A model that takes one file as one batch of 50 rows or more. */
  async newFileModel(more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const name = this.newModel();
    const ingestion = { complete: 'each-file', minimumRows: 50, ...Object(more.ingestion) };
    await this.onboard({ name, problem: 'binary', target: 'late', ...more, ingestion });
    return name;
  }

  /** Puts a file under a model's folder. @returns the event that S3 sends of it. */
  drop(model: string, path: string, body: string | Buffer): Promise<unknown> {
    return this.dropAt(`incoming/${model}/${path}`, body);
  }

  async dropAt(key: string, body: string | Buffer): Promise<unknown> {
    const { VersionId } = await this.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    const events = await this.#services.eventsOn('default');
    const event = events.find(({ detail }) => Object(detail).object?.['version-id'] === VersionId);
    if (event === undefined) throw new Error(`S3 sent no event of ${key}`);
    return JSON.parse(JSON.stringify(event));
  }

  /** One execution of the machine, to its end. */
  async run(input: unknown, meddle?: Meddle): Promise<End & { readonly states: readonly string[] }> {
    const execution = this.machine.execution(input, meddle);
    const end = await execution.run();
    return { ...end, states: execution.states() };
  }

  /** As `run`. @returns the event that Step Functions sends when it ends without success; `undefined` if it succeeds */
  async attempt(input: unknown, meddle?: Meddle): Promise<unknown> {
    const execution = this.machine.execution(input, meddle);
    const end = await execution.run();
    if (end.status === 'SUCCEEDED') return undefined;
    const { status, errorName: error } = end;
    const detail = { executionArn: execution.arn, status, error, input: JSON.stringify(input) };
    return { source: 'aws.states', 'detail-type': 'Step Functions Execution Status Change', detail };
  }

  /** The batch that arrivals join, if there is one. */
  async openBatch(model: string): Promise<string | undefined> {
    return (await this.table.get(keys.batches(model), batchesRecordSchema))?.openBatch;
  }

  /** What was put on the domain bus about a model, in order of delivery. */
  async events(model: string): Promise<DomainEvent[]> {
    const events = await this.#services.eventsOn(bus);
    return events
      .map((event) => domainEventSchema.parse({ type: event['detail-type'], detail: event.detail }))
      .filter(({ detail }) => detail.model === model);
  }

  /** The model's newest dataset, if it has one. */
  async dataset(model: string): Promise<Manifest | undefined> {
    const meta = await this.table.get(keys.meta(model), modelRecordSchema);
    if (!meta?.latestDatasetId) return undefined;
    const record = await this.table.get(
      keys.dataset(model, meta.latestDatasetId),
      z.looseObject({ manifest: z.object({ key: z.string(), versionId: z.string() }) }),
    );
    if (record === undefined) throw new Error(`${meta.latestDatasetId} is not in the registry`);
    return manifestSchema.parse(JSON.parse(await this.text(record.manifest.key, record.manifest.versionId)));
  }

  /** The rows of the model's newest dataset, as a reader gets them. */
  async rows(model: string): Promise<Record<string, unknown>[]> {
    const manifest = await this.dataset(model);
    if (manifest === undefined) return [];
    return Database.with(512, async (database) => {
      const paths: string[] = [];
      for (const { object, partHash } of manifest.parts) {
        const path = database.path(`${partHash}.parquet`);
        const { Body } = await this.s3.send(
          new GetObjectCommand({ Bucket: bucket, Key: object.key, VersionId: object.versionId }),
        );
        await writeFile(path, (await Body?.transformToByteArray()) ?? '');
        paths.push(path);
      }
      return database.rows(
        `${readParts(paths, manifest.columns)} ORDER BY ALL`,
        z.record(z.string(), z.unknown()),
      );
    });
  }

  async text(key: string, versionId?: string): Promise<string> {
    const { Body } = await this.s3.send(
      new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ...(versionId !== undefined && { VersionId: versionId }),
      }),
    );
    return (await Body?.transformToString()) ?? '';
  }

  async bytes(key: string): Promise<Buffer> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  /** Keys that are there, under a prefix. */
  async list(prefix: string): Promise<string[]> {
    const { Contents = [] } = await this.s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }),
    );
    return Contents.map(({ Key }) => Key ?? '');
  }

  /** How many versions a key has, hidden or not. */
  async versions(key: string): Promise<number> {
    const { Versions = [] } = await this.s3.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }),
    );
    return Versions.filter(({ Key }) => Key === key).length;
  }
}

let causes = 0;

function about(model: string) {
  causes += 1;
  return { model, causeId: `cause-${causes}`, message: 'So it is.', definitionHash: 'h' };
}

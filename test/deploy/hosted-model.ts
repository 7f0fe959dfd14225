import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { digestOf } from '@tidemark/domain/datasets/digest.client.ts';
import type { Smoke } from '@tidemark/domain/datasets/smoke.schema.ts';
import { endpointName, resourceName, runKeys } from '@tidemark/domain/names.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { Leases } from '@tidemark/domain/registry/leases.client.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import {
  type Artifact,
  type ModelRecord,
  modelRecordSchema,
  type VersionRecord,
  versionRecordSchema,
} from '@tidemark/domain/registry/records.schema.ts';
import type { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type { AwsEvent } from '@tidemark/region';
import { packed } from '../../packages/region/test/services/sagemaker/archive-files.ts';
import type { Machine } from '../support/machine.ts';
import { connectRegistry, modelRecord, putModel } from '../support/registry.ts';
import { versionRecord } from './deploy-records.ts';
import { artifactsBucket, eventBus, type HostingRegion } from './hosting-region.ts';

/** What a version's container does (`answering-container.mjs`), and what was recorded of it. */
export interface Candidate {
  readonly behaviour?: 'answers' | 'exits' | 'never-healthy' | 'fails' | 'refuses';
  /** What its answers are multiples of; its number, unless said otherwise. */
  readonly factor?: number;
  /** What the recorded predictions are multiples of; the same, unless said otherwise. */
  readonly recordedFactor?: number;
  readonly record?: Partial<VersionRecord>;
}

let models = 0;

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(20);
}

/** A model of its own for each test, so that tests do not meet. */
export class HostedModel {
  readonly name: string;
  readonly endpointName: string;
  readonly #table: RegistryTable;
  readonly #region: HostingRegion;
  readonly #sagemaker: SageMakerClient;
  readonly #runtime: SageMakerRuntimeClient;

  private constructor(region: HostingRegion) {
    models += 1;
    this.name = `model-${models}`;
    this.endpointName = endpointName('dev', this.name);
    this.#region = region;
    this.#table = connectRegistry(region);
    const hosting = region.sdkConfig;
    this.#sagemaker = new SageMakerClient(hosting);
    this.#runtime = new SageMakerRuntimeClient(hosting);
  }

  static async onboard(region: HostingRegion): Promise<HostedModel> {
    const model = new HostedModel(region);
    await putModel(model.#table, modelRecord(model.name));
    return model;
  }

  /** Registers a version as `train` does when it approves one, without handing over the lease. */
  async register(version: number, candidate: Candidate = {}): Promise<void> {
    const { behaviour = 'answers', factor = version, recordedFactor = factor, record } = candidate;
    const sagemakerModelName = resourceName('dev', this.name, `run${version}`);
    const training = { ...versionRecord(version).training, image: 'answers:1' };
    const artifact = await this.putArtifact(version, await packed({ model: `version ${version}` }));
    await this.#createModel(sagemakerModelName, training.image, artifact, {
      FACTOR: String(factor),
      BEHAVIOUR: behaviour,
    });
    const item: VersionRecord = {
      ...versionRecord(version),
      model: this.name,
      sagemakerModelName,
      training: { ...training, artifact },
      smoke: await this.#putSmoke(version, recordedFactor),
      ...record,
    };
    await this.#table.put({ Item: { ...keys.version(this.name, version), ...item } });
  }

  /** Puts an artifact where SageMaker loads it, in the version's place. */
  async putArtifact(version: number, bytes: Buffer): Promise<Artifact> {
    const key = runKeys(this.name, `run${version}`).artifact;
    const s3 = new S3Client(this.#region.sdkConfig);
    const { VersionId } = await s3.send(
      new PutObjectCommand({ Bucket: artifactsBucket, Key: key, Body: bytes }),
    );
    const digest = await digestOf(Readable.from([bytes]));
    return { bucket: artifactsBucket, key, versionId: String(VersionId), ...digest };
  }

  /** Takes the artifact away, for good or not: nothing is there. */
  async deleteArtifact(version: number): Promise<void> {
    const { key } = (await this.version(version)).training.artifact;
    const s3 = new S3Client(this.#region.sdkConfig);
    await s3.send(new DeleteObjectCommand({ Bucket: artifactsBucket, Key: key }));
  }

  /** Makes a version's SageMaker model again under its name, of something else. */
  async replaceModel(version: number, { image, key }: { image?: string; key?: string }): Promise<void> {
    const { sagemakerModelName, training } = await this.version(version);
    const artifact = { ...training.artifact, ...(key !== undefined && { key }) };
    await this.#sagemaker.send(new DeleteModelCommand({ ModelName: sagemakerModelName }));
    await this.#createModel(sagemakerModelName, image ?? training.image, artifact, {
      FACTOR: String(version),
      BEHAVIOUR: 'answers',
    });
  }

  async #createModel(
    ModelName: string,
    Image: string,
    { bucket, key }: Artifact,
    Environment: Record<string, string>,
  ): Promise<void> {
    await this.#sagemaker.send(
      new CreateModelCommand({
        ModelName,
        ExecutionRoleArn: this.#region.rolesOf('SageMaker').roleOf('Serving'),
        PrimaryContainer: { Image, ModelDataUrl: `s3://${bucket}/${key}`, Environment },
      }),
    );
  }

  /** `version.approved` as EventBridge delivers it, after train has handed over the lease. */
  async approve(version: number): Promise<object> {
    const now = new Date();
    await this.leases.acquire(this.name, { owner: `run-${version}`, purpose: 'train', seconds: 600 }, now);
    const to = { owner: `version-${version}`, purpose: 'deploy', seconds: 600 } as const;
    await this.leases.handOver(this.name, `run-${version}`, to, now);
    return this.approval(version);
  }

  /** Registers a version and deploys it. */
  async goLive(machine: Machine, version: number, candidate?: Candidate): Promise<void> {
    await this.register(version, candidate);
    const end = await machine.run(await this.approve(version));
    if (end.status !== 'SUCCEEDED') throw new Error(`Version ${version} did not go live: ${end.cause}`);
  }

  /** The event alone. */
  approval(version: number, eventId = `approval-of-${this.name}-${version}`): object {
    return {
      source: 'tidemark',
      'detail-type': 'version.approved',
      detail: {
        schemaVersion: 1,
        eventId,
        model: this.name,
        time: '2026-03-01T12:00:00.000Z',
        causeId: 'run',
        message: `Version ${version} of ${this.name} is approved.`,
        version,
        approvedBy: 'gates',
      },
    };
  }

  /** The definition retires the model: what `onboard` writes, and its event as EventBridge delivers it. */
  async retire(eventId = `retirement-of-${this.name}`): Promise<object> {
    return this.#changeLifecycle('retired', eventId);
  }

  async reactivate(eventId = `reactivation-of-${this.name}`): Promise<object> {
    return this.#changeLifecycle('active', eventId);
  }

  async #changeLifecycle(lifecycle: 'active' | 'retired', eventId: string): Promise<object> {
    await this.#table.update(
      {
        Key: keys.meta(this.name),
        UpdateExpression: 'SET #definition.lifecycle = :lifecycle',
        ExpressionAttributeNames: { '#definition': 'definition' },
        ExpressionAttributeValues: { ':lifecycle': lifecycle },
      },
      modelRecordSchema,
    );
    const type = lifecycle === 'retired' ? 'model.retired' : 'model.reactivated';
    return { source: 'tidemark', 'detail-type': type, detail: { model: this.name, eventId } };
  }

  record(): Promise<ModelRecord> {
    return new Models(this.#table).load(this.name);
  }

  /** What the registry says: the live version, each version's status, and whether the lease is free. */
  async truth(): Promise<{ live: number | null; statuses: Record<number, string>; leaseIsFree: boolean }> {
    const { liveVersion, lease } = await this.record();
    const statuses: Record<number, string> = {};
    for await (const { version, status } of this.#table.query(
      keys.modelPk(this.name),
      keys.versionPrefix,
      versionRecordSchema,
    )) {
      statuses[version] = status;
    }
    return { live: liveVersion, statuses, leaseIsFree: lease === null };
  }

  async version(version: number): Promise<VersionRecord> {
    const record = await this.#table.get(keys.version(this.name, version), versionRecordSchema);
    if (!record) throw new Error(`${this.name} has no version ${version}`);
    return record;
  }

  /** The factor that the endpoint answers with: which version serves. `null` when there is no endpoint. */
  async servingFactor(): Promise<number | null> {
    if ((await this.endpoint()) === null) return null;
    const { Body } = await this.#runtime.send(
      new InvokeEndpointCommand({ EndpointName: this.endpointName, ContentType: 'text/csv', Body: '1' }),
    );
    return Number(Body.transformToString());
  }

  async endpoint(): Promise<{ status: string; endpointConfigName: string } | null> {
    try {
      const { EndpointStatus, EndpointConfigName } = await this.#sagemaker.send(
        new DescribeEndpointCommand({ EndpointName: this.endpointName }),
      );
      return { status: String(EndpointStatus), endpointConfigName: String(EndpointConfigName) };
    } catch (error) {
      if (error instanceof Error && /could not find/i.test(error.message)) return null;
      throw error;
    }
  }

  /** What was published about this model, in order. */
  async events(): Promise<readonly AwsEvent[]> {
    const all = await this.#region.eventsOn(eventBus);
    return all.filter(({ detail }) => Object(detail).model === this.name);
  }

  /** Somebody deletes the endpoint, or it goes out of the hands of Tidemark in another way. */
  async deleteEndpoint(): Promise<void> {
    await this.#sagemaker.send(new DeleteEndpointCommand({ EndpointName: this.endpointName }));
    await waitFor(async () => (await this.endpoint()) === null);
  }

  /** An endpoint that could not be created, with the version's model. */
  async leaveFailedEndpoint(version: number): Promise<void> {
    const EndpointConfigName = `${this.endpointName}-failed`;
    const ModelName = resourceName('dev', this.name, `run${version}`);
    const variant = {
      VariantName: 'primary',
      ModelName,
      ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 },
    };
    await this.#sagemaker.send(
      new CreateEndpointConfigCommand({ EndpointConfigName, ProductionVariants: [variant] }),
    );
    await this.#sagemaker.send(
      new CreateEndpointCommand({ EndpointName: this.endpointName, EndpointConfigName }),
    );
    await waitFor(async () => (await this.endpoint())?.status === 'Failed');
  }

  /** Moves the live pointer behind everybody's back. */
  async movePointer(liveVersion: number | null): Promise<void> {
    await putModel(this.#table, { ...(await this.record()), liveVersion });
  }

  /** The version that the model has again when it is active. */
  async restore(restoreVersion: number): Promise<void> {
    await putModel(this.#table, { ...(await this.record()), restoreVersion });
  }

  /** Somebody holds the model. */
  async seize(owner: string): Promise<void> {
    const purpose = owner.startsWith('run-') ? 'train' : 'deploy';
    await this.leases.acquire(this.name, { owner, purpose, seconds: 3600 }, new Date());
  }

  /** Makes it look as if other predictions had been recorded for a version. */
  async rewriteSmoke(version: number, factor: number): Promise<void> {
    const record = await this.version(version);
    const smoke = await this.#putSmoke(version, factor);
    await this.#table.put({ Item: { ...keys.version(this.name, version), ...record, smoke } });
  }

  /** As much time passes as its holder had been given. */
  async endLease(): Promise<void> {
    const record = await this.record();
    if (!record.lease) throw new Error(`Nobody holds ${this.name}`);
    await putModel(this.#table, { ...record, lease: { ...record.lease, until: new Date(0).toISOString() } });
  }

  get leases(): Leases {
    return new Leases(this.#table);
  }

  async #putSmoke(version: number, factor: number): Promise<VersionRecord['smoke']> {
    const rows = [
      [0.5, 1.25],
      [2, 3],
    ].map((features) => ({
      features: features.join(','),
      prediction: [features.reduce((sum, feature) => sum + feature) * factor],
    }));
    const smoke: Smoke = { schemaVersion: 1, model: this.name, runId: `run${version}`, rows };
    const key = runKeys(this.name, `run${version}`).smoke;
    const s3 = new S3Client(this.#region.sdkConfig);
    const { VersionId } = await s3.send(
      new PutObjectCommand({ Bucket: artifactsBucket, Key: key, Body: JSON.stringify(smoke) }),
    );
    return { bucket: artifactsBucket, key, versionId: String(VersionId) };
  }
}

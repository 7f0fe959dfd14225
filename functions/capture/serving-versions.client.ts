import type { z } from 'zod';
import { encodingSchema } from '../datasets/encoding.schema.ts';
import type { ObjectPin } from '../datasets/manifest.schema.ts';
import { Objects } from '../datasets/objects.client.ts';
import { smokeSchema } from '../datasets/smoke.schema.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { Endpoints } from '../endpoints/endpoints.client.ts';
import { InvariantError, NotFoundError } from '../errors.ts';
import { endpointName } from '../names.ts';
import { keys } from '../registry/keys.ts';
import { Models } from '../registry/models.client.ts';
import { type ModelRecord, versionRecordSchema } from '../registry/records.schema.ts';
import type { RegistryTable } from '../registry/table.client.ts';
import type { AskableVersion, Look } from './answer.ts';
import { decideServing } from './serving.ts';
import { chooseWitnesses } from './witnesses.ts';

/** The registry has no such version. */
export class ServingVersionNotFoundError extends NotFoundError {
  override readonly name = 'ServingVersionNotFoundError';
}

/** A look at a model, to be compared with a later one. */
export interface ModelLook extends Look {
  readonly record: ModelRecord;
}

/**
 * How long a description of an endpoint is relied on: SageMaker allows few descriptions a second. While nothing is deployed it only
 * guards against changes by other hands, as ours are in the registry, which is read each time. While an endpoint changes, an answer of
 * another version than was assumed leads to another look.
 */
const memoryMilliseconds = { settled: 60_000, changing: 5000, none: 0 } as const;

/** Encodings have up to some MB; a function instance that serves more models than this loads them again. */
const rememberedVersions = 100;

/** Which versions serve, and what they are asked with. */
export class ServingVersions {
  readonly #stage: string;
  readonly #table: RegistryTable;
  readonly #models: Models;
  readonly #endpoints: Endpoints;
  readonly #objects: Objects;
  readonly #descriptions = new Map<string, { readonly endpoint: Endpoint | null; readonly at: number }>();
  readonly #versions = new Map<string, AskableVersion>();

  constructor(stage: string, table: RegistryTable, endpoints = new Endpoints(), objects = new Objects()) {
    this.#stage = stage;
    this.#table = table;
    this.#models = new Models(table);
    this.#endpoints = endpoints;
    this.#objects = objects;
  }

  /** @throws ModelNotFoundError */
  async look(model: string, afresh: boolean): Promise<ModelLook> {
    const record = await this.#models.load(model);
    const seen = afresh ? undefined : this.#descriptions.get(model);
    if (seen) {
      const serving = decideServing(record, seen.endpoint);
      if (Date.now() - seen.at < memoryMilliseconds[serving.kind]) return { record, serving };
    }
    return { record, serving: decideServing(record, await this.#describe(model)) };
  }

  /** Every step of a deployment that changes what serves changes the model's record first. */
  async unchangedSince({ record: { model, liveVersion, lease, updatedAt } }: ModelLook): Promise<boolean> {
    const now = await this.#models.load(model);
    return (
      now.liveVersion === liveVersion && now.updatedAt === updatedAt && now.lease?.owner === lease?.owner
    );
  }

  /** The version with what it is asked with; loaded once. @throws ServingVersionNotFoundError */
  async version(model: string, version: number): Promise<AskableVersion> {
    const name = `${model}#${version}`;
    const known = this.#versions.get(name) ?? (await this.#load(model, version));
    // The one that was used last goes last, so the first is the one to forget.
    this.#versions.delete(name);
    this.#versions.set(name, known);
    const [oldest] = this.#versions.keys();
    if (this.#versions.size > rememberedVersions && oldest !== undefined) this.#versions.delete(oldest);
    return known;
  }

  async #describe(model: string): Promise<Endpoint | null> {
    const endpoint = await this.#endpoints.describe(endpointName(this.#stage, model));
    this.#descriptions.set(model, { endpoint, at: Date.now() });
    return endpoint;
  }

  async #load(model: string, version: number): Promise<AskableVersion> {
    const record = await this.#table.get(keys.version(model, version), versionRecordSchema);
    if (!record) {
      throw new ServingVersionNotFoundError(`The registry has no version ${version} of ${model}.`);
    }
    const [encoding, smoke] = await Promise.all([
      this.#read(record.encoding, encodingSchema),
      this.#read(record.smoke, smokeSchema),
    ]);
    return { version, encoding, witnesses: chooseWitnesses(smoke.rows) };
  }

  async #read<T extends z.ZodType>(pin: ObjectPin, schema: T): Promise<z.infer<T>> {
    const parsed = schema.safeParse(JSON.parse(await this.#objects.readText(pin)));
    if (parsed.success) return parsed.data;
    throw new InvariantError(
      `s3://${pin.bucket}/${pin.key} is not what train writes: ${parsed.error.message}`,
    );
  }
}

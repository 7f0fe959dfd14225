import { encodingSchema } from '@tidemark/domain/datasets/encoding.schema.ts';
import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { smokeSchema } from '@tidemark/domain/datasets/smoke.schema.ts';
import type { Endpoint } from '@tidemark/domain/endpoints/endpoint.ts';
import { Endpoints } from '@tidemark/domain/endpoints/endpoints.client.ts';
import { InvariantError, NotFoundError } from '@tidemark/domain/errors.ts';
import { endpointName } from '@tidemark/domain/names.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import { type ModelRecord, versionRecordSchema } from '@tidemark/domain/registry/records.schema.ts';
import { requireActive } from '@tidemark/domain/registry/retired-model.ts';
import type { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type * as z from 'zod';
import type { AskableVersion, ServingLook } from './answer.ts';
import { decideServing } from './serving.ts';
import { chooseWitnesses } from './witnesses.ts';

/** The registry has no such version. */
export class ServingVersionNotFoundError extends NotFoundError {
  override readonly name = 'ServingVersionNotFoundError';
}

/** A look at a model, to be compared with a later one. */
export interface ModelLook extends ServingLook {
  readonly model: string;
  readonly revision: string;
}

/**
 * How long a description of an endpoint is relied on: SageMaker allows few descriptions a second. While nothing is deployed it only
 * guards against changes by other hands, as ours are in the registry, which is read each time. While an endpoint changes, an answer of
 * another version than was assumed leads to another look.
 */
const memoryMilliseconds = { settled: 60_000, changing: 5000, none: 0 } as const;

/** Encodings have up to some MB; a function instance that serves more models than this loads them again. */
const rememberedVersions = 100;

/** What SageMaker said of an endpoint, when, and at which revision of the model's record. */
interface Description {
  readonly endpoint: Endpoint | null;
  readonly revision: string;
  readonly at: number;
}

/** Which versions serve, and what they are asked with. */
export class ServingVersions {
  readonly #stage: string;
  readonly #table: RegistryTable;
  readonly #models: Models;
  readonly #endpoints: Endpoints;
  readonly #objects: Objects;
  readonly #descriptions = new Map<string, Description>();
  readonly #versions = new Map<string, AskableVersion>();

  constructor(stage: string, table: RegistryTable, endpoints = new Endpoints(), objects = new Objects()) {
    this.#stage = stage;
    this.#table = table;
    this.#models = new Models(table);
    this.#endpoints = endpoints;
    this.#objects = objects;
  }

  /** @throws ModelNotFoundError, ModelRetiredError, which comes before the endpoint has gone */
  async look(model: string, afresh: boolean): Promise<ModelLook> {
    const record = await this.#models.load(model);
    requireActive(record);
    const revision = revisionOf(record);
    const seen = this.#descriptions.get(model);
    if (!afresh && seen?.revision === revision) {
      const serving = decideServing(record, seen.endpoint);
      if (Date.now() - seen.at < memoryMilliseconds[serving.kind]) return { model, revision, serving };
    }
    const endpoint = await this.#endpoints.describe(endpointName(this.#stage, model));
    this.#descriptions.set(model, { endpoint, revision, at: Date.now() });
    return { model, revision, serving: decideServing(record, endpoint) };
  }

  async unchangedSince({ model, revision }: ModelLook): Promise<boolean> {
    return revisionOf(await this.#models.load(model)) === revision;
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

/** Every step of a deployment that changes what serves changes this first. */
function revisionOf({ liveVersion, lease, updatedAt }: ModelRecord): string {
  return `${liveVersion} ${lease?.owner} ${updatedAt}`;
}

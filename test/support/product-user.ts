import { setTimeout as delay } from 'node:timers/promises';
import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import { type Encoding, encodingSchema } from '@tidemark/domain/datasets/encoding.schema.ts';
import { csvLine, encodeRow } from '@tidemark/domain/datasets/encoding.ts';
import { parsePrediction } from '@tidemark/domain/datasets/prediction.ts';
import { endpointName } from '@tidemark/domain/names.ts';
import type { VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import type { LocalRegion } from '@tidemark/region';
import { type RegionClients, regionClients } from '../../laptop/start/region-clients.ts';
import type { RecordedEvent } from '../../laptop/start/registry-view.client.ts';

const lookMilliseconds = 200;
/** Nothing runs and nothing is recorded for so long: what came of a drop has come of it. */
const restMilliseconds = 1_500;
/** Nothing happens for so long: what is waited for will not come. */
const patienceMilliseconds = 8_000;

type EventType = RecordedEvent['type'];
type EventOf<T extends EventType> = Extract<RecordedEvent, { type: T }>;

/** Does with one model what a user does: drops files, reads the registry and the events, asks the endpoint. */
export class ProductUser {
  readonly model: string;
  readonly #clients: RegionClients;

  constructor(region: LocalRegion, model: string) {
    this.model = model;
    this.#clients = regionClients(region);
  }

  get clients(): RegionClients {
    return this.#clients;
  }

  /** Puts a file at `definitions/<model>.yaml`. */
  async dropDefinition(file: string): Promise<void> {
    await this.#clients.uploads.put(`definitions/${this.model}.yaml`, file);
  }

  /** Puts a file at `incoming/<model>/<name>`. */
  async dropData(name: string, file: string): Promise<void> {
    await this.#clients.uploads.put(`incoming/${this.model}/${name}`, file);
  }

  events(): Promise<RecordedEvent[]> {
    return this.#clients.registry.events(this.model);
  }

  async eventTypes(): Promise<EventType[]> {
    return (await this.events()).map(({ type }) => type);
  }

  /**
   * The last event of a type, as soon as there are so many of it.
   * @throws Error with all that happened instead when everything has come to rest without it.
   */
  async event<T extends EventType>(type: T, howMany = 1): Promise<EventOf<T>> {
    for await (const { events, restedMilliseconds } of this.#looks()) {
      const found = events.filter((event): event is EventOf<T> => event.type === type);
      const last = found.at(-1);
      if (last && found.length >= howMany) return last;
      if (restedMilliseconds >= patienceMilliseconds) break;
    }
    throw new Error(`There is no ${type} number ${howMany}. Instead:\n${await this.#story()}`);
  }

  /** Resolves when no execution has run, and no event has come, for a while. */
  async atRest(): Promise<void> {
    for await (const { restedMilliseconds } of this.#looks()) {
      if (restedMilliseconds >= restMilliseconds) return;
    }
  }

  async *#looks() {
    let restingSince = Date.now();
    let seen = 0;
    for (;;) {
      const executions = await this.#clients.executions.list();
      const events = await this.events();
      const isRunning = executions.some(({ status }) => status === 'RUNNING');
      if (isRunning || events.length !== seen) restingSince = Date.now();
      seen = events.length;
      yield { events, restedMilliseconds: Date.now() - restingSince };
      await delay(lookMilliseconds);
    }
  }

  /** Everything that happened, for a test that waits in vain. */
  async #story(): Promise<string> {
    const events = (await this.events()).map(({ type, detail }) => `  ${type}: ${detail.message}`);
    const executions = (await this.#clients.executions.list()).map(({ capability, status, steps }) => {
      const last = steps.at(-1);
      return `  ${capability} ${status} in ${last?.name}: ${last?.error?.error} ${last?.error?.cause}`;
    });
    return [...events, ...executions].join('\n');
  }

  versions(): Promise<VersionRecord[]> {
    return this.#clients.registry.versions(this.model);
  }

  async version(number: number): Promise<VersionRecord> {
    const version = (await this.versions()).find((candidate) => candidate.version === number);
    if (!version) throw new Error(`${this.model} has no version ${number}.`);
    return version;
  }

  async record() {
    const record = await this.#clients.registry.model(this.model);
    if (!record) throw new Error(`There is no model ${this.model}.`);
    return record;
  }

  async run(runId: string) {
    const run = await this.#clients.registry.run(this.model, runId);
    if (!run) throw new Error(`${this.model} has no run ${runId}.`);
    return run;
  }

  async encodingOf({ encoding }: VersionRecord): Promise<Encoding> {
    return encodingSchema.parse(JSON.parse(await this.#clients.objects.readText(encoding)));
  }

  /** Asks the endpoint about a raw record, encoded as the version wants it. */
  async predict(version: VersionRecord, record: Readonly<Record<string, unknown>>): Promise<number[]> {
    const body = csvLine(encodeRow(await this.encodingOf(version), record));
    const answer = await this.#clients.runtime.send(
      new InvokeEndpointCommand({
        EndpointName: endpointName('dev', this.model),
        ContentType: 'text/csv',
        Body: body,
      }),
    );
    return parsePrediction(answer.Body?.transformToString() ?? '');
  }
}

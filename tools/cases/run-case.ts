import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { dataKeys, modelName } from '@tidemark/domain/names.ts';
import type { LocalRegion } from '@tidemark/region';
import { parse } from 'yaml';
import * as z from 'zod';
import { type RegionClients, regionClients } from '../../laptop/start/region-clients.ts';
import { builtInModel } from './built-in-model.ts';
import type { CaseFile, CaseFolder, DroppedFile } from './case-folder.ts';
import { dataRecords } from './data-records.client.ts';
import { type Answer, Doors } from './doors.client.ts';
import { labelIds } from './label-ids.ts';
import { isWaiting, RegionRest } from './region-rest.ts';
import { ofRecords, type RequestPayload, requestPayloads } from './request-payloads.ts';
import { type WindowLength, Windows } from './windows.ts';

/** Ids of labels beyond this are asked about no more. */
const mostLabelled = 5_000;
/** A quiet period takes so long, in wall time: files of one drop must come within it, on a busy machine too. */
const quietMilliseconds = { oneFile: 1_000, severalFiles: 4_000 } as const;
const claimMilliseconds = 30_000;

/** A file that was put, and where. */
export interface PutFile {
  readonly file: string;
  readonly key: string;
  readonly versionId: string;
  readonly model: string;
}

/** A request and what came of it. */
export interface Asked {
  readonly file: string;
  /** From 1. */
  readonly request: number;
  readonly records: number;
  readonly said: Answer;
}

/** What was put, asked and answered. It grows as the case proceeds, so that a case that is ended tells what it came to. */
export class CaseRecord {
  readonly models = new Set<string>();
  readonly definitions: PutFile[] = [];
  readonly data: PutFile[] = [];
  readonly labels: PutFile[] = [];
  readonly asked: Asked[] = [];
  readonly putEvents: unknown[] = [];
  /** What could not be done as the folder asks for it, or was done besides. */
  readonly notes: string[] = [];
}

interface CaseOptions {
  readonly folder: CaseFolder;
  readonly region: LocalRegion;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
  readonly record: CaseRecord;
}

/** Puts what a folder holds into a region, and waits for rest at each step. */
export class RunCase {
  readonly #options: CaseOptions;
  readonly #clients: RegionClients;
  readonly #doors: Doors;
  readonly #windows: Windows;
  readonly #rest: RegionRest;

  constructor(options: CaseOptions) {
    const { region, signal } = options;
    this.#options = options;
    this.#clients = regionClients(region);
    this.#doors = new Doors(region);
    this.#rest = new RegionRest(this.#clients.executions, this.#clients.registry, signal);
    this.#windows = new Windows({ clock: region.clock, clients: this.#clients, rest: this.#rest, signal });
  }

  async run(): Promise<void> {
    const { folder } = this.#options;
    const model = await this.#model();
    for (const file of folder.otherDefinitions) {
      const name = basename(file.name);
      await this.#define(name.slice(0, -extname(name).length), file);
    }
    for (const drop of folder.drops) await this.#drop(model, drop);
    await this.#label(model);
    for (const file of folder.requests) await this.#ask(file, model);
    await this.#askNext(model);
    await this.#announce();
  }

  /** Puts the folder's definition, or has a model of our own live. @returns its name */
  async #model(): Promise<string> {
    const { folder, record } = this.#options;
    if (folder.definition) {
      const model = modelOf(folder.definition, folder.name);
      await this.#define(model, folder.definition);
      return model;
    }
    const { model, definition, data } = builtInModel(builtInName(folder));
    record.notes.push(`The folder has no definition.yaml: \`${model}\` is a model of our own.`);
    await this.#onboard(model, 'built in', () => this.#doors.putText(dataKeys.definition(model), definition));
    const started = await this.#rest.started('ingest');
    const key = `${dataKeys.incoming(model)}built-in.csv`;
    record.data.push({ file: 'built in', key, model, versionId: await this.#doors.putText(key, data) });
    await this.#rest.rest({ capability: 'ingest', executions: started + 1 });
    return model;
  }

  async #define(model: string, file: CaseFile): Promise<void> {
    await this.#onboard(model, file.name, () => this.#doors.putFile(dataKeys.definition(model), file.path));
  }

  async #onboard(model: string, file: string, put: () => Promise<string>): Promise<void> {
    const { record, progress } = this.#options;
    record.models.add(model);
    this.#rest.follow(model);
    const key = dataKeys.definition(model);
    progress(`definition ${key}`);
    const started = await this.#rest.started('onboard');
    record.definitions.push({ file, key, model, versionId: await put() });
    await this.#rest.rest({ capability: 'onboard', executions: started + 1 });
  }

  async #drop(model: string, files: readonly DroppedFile[]): Promise<void> {
    const { record, progress, region } = this.#options;
    const speed = region.clock.speed;
    const started = await this.#rest.started('ingest');
    progress(`data ${files.map(({ name }) => name).join(', ')}`);
    const quiet = quietMilliseconds[files.length > 1 ? 'severalFiles' : 'oneFile'];
    region.clock.setSpeed(Math.min(speed, ((await this.#quietSeconds(model)) * 1000) / quiet));
    try {
      for (const { name, path, keyName } of files) {
        const key = `${dataKeys.incoming(model)}${keyName}`;
        record.data.push({ file: name, key, model, versionId: await this.#doors.putFile(key, path) });
      }
      await this.#claimed(started + files.length);
    } finally {
      region.clock.setSpeed(speed);
    }
    await this.#rest.rest({ capability: 'ingest', executions: started + files.length });
  }

  /** Waits until the arrivals wait for quiet, whose length is then fixed, or have no need to. */
  async #claimed(executions: number): Promise<void> {
    const since = Date.now();
    for await (const look of this.#rest.looks()) {
      const ingests = look.executions.filter(({ capability }) => capability === 'ingest');
      const begun = ingests.filter((execution) => execution.status !== 'RUNNING' || isPastClaim(execution));
      if (begun.length >= executions || Date.now() - since > claimMilliseconds) return;
    }
  }

  async #quietSeconds(model: string): Promise<number> {
    return (await this.#definition(model))?.ingestion.quietSeconds ?? 60;
  }

  async #definition(model: string) {
    return (await this.#clients.registry.model(model))?.definition;
  }

  /** Has predictions made that the labels are for, if they name ids, and puts the labels. */
  async #label(model: string): Promise<void> {
    const { folder, record, progress } = this.#options;
    if (folder.labels.length === 0) return;
    const every = await this.#windowLength(model);
    if (every) await this.#windows.room(every);
    const before = await this.#windows.captured(model);
    const answered = await this.#predictLabelled(model);
    for (const { name, path } of folder.labels) {
      const key = `${dataKeys.labels(model)}${name}`;
      progress(`labels ${key}`);
      record.labels.push({ file: name, key, model, versionId: await this.#doors.putFile(key, path) });
    }
    await this.#rest.rest();
    if (every && (await this.#isLive(model))) await this.#judge(model, every, before, answered);
  }

  /** @returns how many predictions there are */
  async #predictLabelled(model: string): Promise<number> {
    const { folder, record, progress } = this.#options;
    const ids = [...new Set(folder.labels.flatMap(({ path }) => labelIds(readableText(path))))].slice(
      0,
      mostLabelled,
    );
    const [file] = folder.drops.flat();
    const target = (await this.#definition(model))?.target;
    if (ids.length === 0 || !file || !target) return 0;
    const records = await dataRecords(file.path, target.column, ids.length);
    if (records.length === 0) return 0;
    progress(`${ids.length} predictions that labels are for`);
    record.notes.push(
      `Before the labels were put, ${ids.length} predictions were made under the ids that they name, of rows of ${file.name} without the target.`,
    );
    let answered = 0;
    for (let first = 0; first < ids.length; first += 1000) {
      const some = ids.slice(first, first + 1000);
      const rows = some.map((_, index) => records[(first + index) % records.length] ?? '{}');
      answered += await this.#predict('for labels', ofRecords(rows, model, some));
    }
    return answered;
  }

  async #ask(file: CaseFile, model: string): Promise<void> {
    this.#options.progress(`requests of ${file.name}`);
    for (const payload of requestPayloads(textOf(file.path), model)) await this.#predict(file.name, payload);
    await this.#rest.rest();
  }

  /** Predictions of their own window. */
  async #askNext(model: string): Promise<void> {
    const { folder, progress } = this.#options;
    if (!folder.nextRecords) return;
    const every = await this.#windowLength(model);
    if (every) await this.#windows.room(every);
    const before = await this.#windows.captured(model);
    progress(`records of ${folder.nextRecords.name}`);
    let answered = 0;
    for (const payload of requestPayloads(textOf(folder.nextRecords.path), model))
      answered += await this.#predict(folder.nextRecords.name, payload);
    if (every && answered > 0) await this.#judge(model, every, before, answered);
  }

  async #judge(model: string, every: WindowLength, before: number, answered: number): Promise<void> {
    const { record, progress } = this.#options;
    progress(`a window of a${every === 'hour' ? 'n hour' : ' day'} passes`);
    const missing = await this.#windows.untilCaptured(model, before + answered);
    if (missing > 0) record.notes.push(`${missing} predictions were not captured.`);
    const failure = await this.#windows.untilJudged(model, every, answered - missing);
    if (failure !== undefined) record.notes.push(`No window was judged as expected. ${failure}`);
    await this.#rest.rest();
  }

  /** @returns how many records were answered */
  async #predict(file: string, { text, records }: RequestPayload): Promise<number> {
    const { record } = this.#options;
    const said = await this.#doors.predict(text);
    const request = record.asked.filter((asked) => asked.file === file).length + 1;
    record.asked.push({ file, request, records, said });
    return 'answer' in said ? records : 0;
  }

  /** How long windows are; `undefined`: there are none. */
  async #windowLength(model: string): Promise<WindowLength | undefined> {
    const monitoring = (await this.#definition(model))?.monitoring;
    return monitoring?.enabled ? monitoring.every : undefined;
  }

  async #isLive(model: string): Promise<boolean> {
    return ((await this.#clients.registry.model(model))?.liveVersion ?? null) !== null;
  }

  async #announce(): Promise<void> {
    const { folder, record, progress } = this.#options;
    if (!folder.event) return;
    progress(`event of ${folder.event.name}`);
    record.putEvents.push(await this.#doors.putEvents(JSON.parse(textOf(folder.event.path))));
    await this.#rest.rest();
  }
}

function isPastClaim(execution: Parameters<typeof isWaiting>[0]): boolean {
  return isWaiting(execution) || execution.steps.some(({ stateType }) => stateType === 'Wait');
}

/** As the definition calls it; by the folder if it does not say, which the product will then refuse. */
function modelOf(definition: CaseFile, fallback: string): string {
  try {
    return modelName.safeParse(Object(parse(textOf(definition.path))).name).data ?? fallback;
  } catch {
    return fallback;
  }
}

const namedModels = z.looseObject({ Entries: z.array(z.looseObject({ Detail: z.string() })) });

/** The model that the folder's event is about, so that it exists; and none that the folder defines. */
function builtInName({ event, otherDefinitions }: CaseFolder): string {
  const named = event ? (namedModels.safeParse(JSON.parse(textOf(event.path))).data?.Entries ?? []) : [];
  const fromEvent = named.map(({ Detail }) => Object(JSON.parse(Detail)).model);
  const taken = otherDefinitions.map((file) => modelOf(file, ''));
  const candidates = [...fromEvent, 'churn', 'built-in'].filter((name) => modelName.safeParse(name).success);
  return candidates.find((name) => !taken.includes(name)) ?? 'built-in';
}

/** A packed file of labels may be broken: that is for the product to find. */
function readableText(path: string): string {
  try {
    return textOf(path);
  } catch {
    return '';
  }
}

function textOf(path: string): string {
  const bytes = readFileSync(path);
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
}

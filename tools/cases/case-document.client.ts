import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import { dataKeys, windowKeys } from '@tidemark/domain/names.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { datasetRecordSchema, type VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type { LocalRegion, RegionEvent } from '@tidemark/region';
import * as z from 'zod';
import { batchRecordSchema } from '../../functions/ingest/batch.schema.ts';
import type { ExecutionView } from '../../laptop/progress/executions.client.ts';
import { type RegionClients, regionClients } from '../../laptop/start/region-clients.ts';
import type { RecordedEvent } from '../../laptop/start/registry-view.client.ts';
import { isWaiting, RegionRest } from './region-rest.ts';
import type { Asked, CaseRecord, PutFile } from './run-case.ts';

const objectSchema = z.looseObject({});
type Json = z.infer<typeof objectSchema>;

const pinSchema = z.looseObject({ bucket: z.string(), key: z.string(), versionId: z.string() });
const fileReportSchema = z.looseObject({ object: pinSchema, problems: z.array(objectSchema) });
const reportSchema = z.looseObject({
  batchProblems: z.array(objectSchema),
  files: z.array(fileReportSchema),
});
const validationSchema = z.looseObject({
  files: z.array(z.looseObject({ object: pinSchema, accepted: z.boolean() })),
});
const manifestSchema = z.looseObject({
  datasetId: z.string(),
  rows: z.int(),
  splitRows: objectSchema,
  columns: z.array(objectSchema),
  parts: z.array(z.looseObject({ sources: z.array(pinSchema) })),
});

/** What of a document is bulky, or stands elsewhere in the case's. Everything else is passed on as it is, also what is new. */
const leftOut = {
  validation: ['schemaVersion', 'model', 'batchId', 'files', 'columns', 'parts', 'profile'],
  evaluation: ['schemaVersion', 'model', 'runId', 'methods', 'confusion', 'segments'],
  window: ['schemaVersion', 'model', 'runId', 'distributions', 'attributions', 'history', 'evidence'],
} as const;

/** Most predictions of an answer that are shown. */
const shownPredictions = 10;

/** Reads what came of a case from where anybody can: registry, buckets, executions. */
export class CaseDocument {
  readonly #clients: RegionClients;
  readonly #table: RegistryTable;
  readonly #record: CaseRecord;
  readonly #told: readonly RegionEvent[];

  constructor(region: LocalRegion, record: CaseRecord, told: readonly RegionEvent[]) {
    this.#clients = regionClients(region);
    this.#table = new RegistryTable(this.#clients.registryTable, new DynamoDBClient(region.sdkConfig));
    this.#record = record;
    this.#told = told;
  }

  async read(): Promise<Json> {
    const { executions, registry } = this.#clients;
    const look = new RegionRest(executions, registry, new AbortController().signal);
    for (const model of this.#record.models) look.follow(model);
    const models = await look.models();
    const { events, executions: all } = await look.look();
    const datasets = (await Promise.all(models.map((model) => this.#datasets(model)))).flat();
    const batches = (await Promise.all(models.map((model) => this.#batches(model)))).flat();
    return {
      definitions: this.#record.definitions.map((file) => definitionOutcome(file, events)),
      files: this.#record.data.map((file) => fileOutcome(file, batches, datasets, events)),
      batches: batches.map(({ report: _, accepted: __, ...batch }) => batch),
      datasets: datasets.map(({ sources: _, ...dataset }) => dataset),
      versions: (await Promise.all(models.map((model) => this.#versions(model)))).flat(),
      answers: this.#record.asked.map(shownAnswer),
      labels: this.#record.labels.map((file) => ({ ...file, told: aboutFile(file, events) })),
      windows: await Promise.all(
        events.flatMap((event) => (event.type === 'window.monitored' ? [this.#window(event)] : [])),
      ),
      models: await Promise.all(models.map((model) => this.#model(model))),
      events: events
        .toSorted((a, b) => a.detail.time.localeCompare(b.detail.time))
        .map(({ type, detail }) => ({ type, detail })),
      putEvents: this.#record.putEvents,
      failedExecutions: all.flatMap(failedExecution),
      runningExecutions: all.flatMap(runningExecution),
      executions: counted(all),
      region: this.#told.map(regionFinding),
      notes: this.#record.notes,
    };
  }

  async #datasets(model: string) {
    const { objects } = this.#clients;
    const records = await collected(this.#table.query(keys.modelPk(model), 'DATASET#', datasetRecordSchema));
    return Promise.all(
      records
        .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))
        .map(async ({ manifest: pin }) => {
          const manifest = manifestSchema.parse(JSON.parse(await objects.readText(pin)));
          const { datasetId, rows, splitRows, columns, parts } = manifest;
          return {
            model,
            datasetId,
            rows,
            splitRows,
            columns,
            sources: parts.flatMap(({ sources }) => sources),
          };
        }),
    );
  }

  async #batches(model: string) {
    const records = await collected(this.#table.query(keys.modelPk(model), 'BATCH#', batchRecordSchema));
    return Promise.all(
      records.map(async ({ batchId, status, validation, reportKey, datasetId }) => {
        const judged = await this.#validation(model, batchId, validation);
        const report = await this.#report(model, batchId);
        return {
          model,
          batchId,
          status,
          datasetId,
          reportKey,
          ...(judged && without(judged, leftOut.validation)),
          ...(report && { batchProblems: report.batchProblems }),
          report,
          accepted: judged?.files.filter(({ accepted }) => accepted).map(({ object }) => object) ?? [],
        };
      }),
    );
  }

  async #validation(model: string, batchId: string, pin: ObjectPin | null) {
    const { objects, dataBucket } = this.#clients;
    const text = pin
      ? await objects.readText(pin)
      : await objects.readCurrent(dataBucket, dataKeys.validation(model, batchId));
    return text === undefined ? undefined : validationSchema.parse(JSON.parse(text));
  }

  async #report(model: string, batchId: string) {
    const { objects, dataBucket } = this.#clients;
    const text = await objects.readCurrent(dataBucket, `${dataKeys.quarantine(model, batchId)}report.json`);
    return text === undefined ? undefined : reportSchema.parse(JSON.parse(text));
  }

  async #versions(model: string): Promise<Json[]> {
    return Promise.all(
      (await this.#clients.registry.versions(model)).map((version) => this.#version(version)),
    );
  }

  async #version({ model, version, status, dataset, ...record }: VersionRecord): Promise<Json> {
    const { objects } = this.#clients;
    const evaluation = objectSchema.parse(JSON.parse(await objects.readText(record.evaluation)));
    const encoding = objectSchema.parse(JSON.parse(await objects.readText(record.encoding)));
    return {
      model,
      version,
      status,
      datasetId: dataset.datasetId,
      encodedColumns: encoding.encodedColumns,
      ...without(evaluation, leftOut.evaluation),
    };
  }

  async #window({
    detail: { model, windowId, reportKey },
  }: Extract<RecordedEvent, { type: 'window.monitored' }>) {
    const { objects, artifactsBucket } = this.#clients;
    const text = await objects.readCurrent(artifactsBucket, reportKey || windowKeys(model, windowId).report);
    const report = text === undefined ? {} : objectSchema.parse(JSON.parse(text));
    return { model, windowId, ...without(report, leftOut.window) };
  }

  async #model(model: string): Promise<Json> {
    const record = await this.#clients.registry.model(model);
    if (!record) return { model, registered: false };
    const { definition, liveVersion, latestDatasetId, lease } = record;
    return { model, registered: true, lifecycle: definition.lifecycle, liveVersion, latestDatasetId, lease };
  }
}

type Batch = { readonly model: string; readonly batchId: string } & {
  readonly report: z.infer<typeof reportSchema> | undefined;
  readonly accepted: readonly z.infer<typeof pinSchema>[];
};
interface Dataset {
  readonly datasetId: string;
  readonly sources: readonly z.infer<typeof pinSchema>[];
}

/** Where a data file ended: in datasets, in quarantine with what is wrong, waiting, or nowhere. */
function fileOutcome(
  { file, key, versionId, model }: PutFile,
  batches: readonly Batch[],
  datasets: readonly Dataset[],
  events: readonly RecordedEvent[],
): Json {
  const isIt = (pin: { key: string; versionId: string }) => pin.key === key && pin.versionId === versionId;
  const facts = { file, key, model };
  const held = datasets.filter(({ sources }) => sources.some(isIt)).map(({ datasetId }) => datasetId);
  for (const { batchId, report } of batches) {
    const rejected = report?.files.find(({ object }) => isIt(object));
    if (rejected) {
      const batchProblems = rejected.problems.length === 0 ? { batchProblems: report?.batchProblems } : {};
      return { ...facts, outcome: 'quarantined', batchId, problems: rejected.problems, ...batchProblems };
    }
  }
  if (held.length > 0) return { ...facts, outcome: 'committed', datasets: held };
  const accepted = batches.find((batch) => batch.accepted.some(isIt));
  if (accepted) return { ...facts, outcome: 'accepted', batchId: accepted.batchId };
  const isWaitingFile = events.some(
    ({ type, detail }) => type === 'data.waiting' && detail.key === key && detail.versionId === versionId,
  );
  return { ...facts, outcome: isWaitingFile ? 'waiting' : 'not taken' };
}

const definitionAnswers = new Set([
  'model.onboarded',
  'model.retired',
  'model.reactivated',
  'definition.rejected',
]);

function definitionOutcome({ file, key, model, versionId }: PutFile, events: readonly RecordedEvent[]): Json {
  const answers = events.filter(({ type, detail }) => definitionAnswers.has(type) && detail.model === model);
  const own = answers.find(({ detail }) => 'versionId' in detail && detail.versionId === versionId);
  const answer = own ?? answers.at(-1);
  return {
    file,
    key,
    model,
    outcome: answer?.type ?? 'not answered',
    message: answer?.detail.message ?? null,
  };
}

/** Events that name the file, and those about labels. */
function aboutFile({ key, model }: PutFile, events: readonly RecordedEvent[]): Json[] {
  return events
    .filter(
      ({ detail }) =>
        detail.model === model && JSON.stringify(detail).includes(JSON.stringify(key).slice(1, -1)),
    )
    .map(({ type, detail }) => ({ type, detail }));
}

function shownAnswer({ file, request, records, said }: Asked): Json {
  if ('error' in said) return { file, request, records, error: said.error };
  const answer = objectSchema.safeParse(said.answer).data;
  const predictions = answer?.predictions;
  if (!answer || !Array.isArray(predictions) || predictions.length <= shownPredictions)
    return { file, request, records, answer: said.answer };
  return {
    file,
    request,
    records,
    answer: { ...answer, predictions: predictions.slice(0, shownPredictions) },
    predictionsLeftOut: predictions.length - shownPredictions,
  };
}

function failedExecution({ arn, capability, status, steps }: ExecutionView): Json[] {
  if (status === 'RUNNING' || status === 'SUCCEEDED') return [];
  const last = steps.findLast(({ status: step }) => step === 'failed') ?? steps.at(-1);
  return [{ capability, status, state: last?.name ?? null, ...last?.error, arn }];
}

function runningExecution(execution: ExecutionView): Json[] {
  const { arn, capability, status, steps } = execution;
  if (status !== 'RUNNING') return [];
  const states = steps.filter((step) => step.status === 'running').map(({ name }) => name);
  return [{ capability, states, waits: isWaiting(execution), arn }];
}

/** How many executions of each capability ended how: `{ "train": { "SUCCEEDED": 1 } }`. */
function counted(executions: readonly ExecutionView[]): Json {
  const counts: Record<string, Record<string, number>> = {};
  for (const { capability, status } of executions) {
    counts[capability] ??= {};
    const ofCapability = counts[capability];
    ofCapability[status] = (ofCapability[status] ?? 0) + 1;
  }
  return counts;
}

function regionFinding(event: RegionEvent): Json {
  if (event.kind !== 'fault') return { ...event };
  return { kind: event.kind, what: event.what, fault: String(event.fault) };
}

function without(value: Json, names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

import { gzipSync } from 'node:zlib';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { CaptureLine } from '@tidemark/domain/captures/capture-line.schema.ts';
import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { definitionHash } from '@tidemark/domain/definition/definition-hash.ts';
import { monitoringDimensions } from '@tidemark/domain/monitoring-gauges.ts';
import { captureKeys, dataKeys, runKeys, windowIdOf, windowKeys } from '@tidemark/domain/names.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import { type EpisodeName, episodeAnswered, Monitors } from '@tidemark/domain/registry/monitors.client.ts';
import {
  type MonitorRecord,
  type RetrainingRecord,
  type WindowRecord,
  windowRecordSchema,
} from '@tidemark/domain/registry/records.schema.ts';
import type { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import type { Baseline } from '@tidemark/domain/windows/baseline.schema.ts';
import { type Window, windowSchema } from '@tidemark/domain/windows/window.schema.ts';
import { type WindowFacts, windowFactsSchema } from '@tidemark/domain/windows/window-facts.schema.ts';
import type { AwsEvent } from '@tidemark/region';
import type * as z from 'zod';
import { type WindowReport, windowReportSchema } from '../../functions/monitor/report.schema.ts';
import { encoding, type Flight } from '../domain/windows/rows.ts';
import { connectRegistry, modelRecord, putModel } from '../support/registry.ts';
import { versionRecord } from '../train/train-records.ts';
import { usualBaseline } from './baselines.ts';
import { artifactsBucket, dataBucket, eventBus, type MonitorRegion } from './monitor-region.ts';

let models = 0;
let numbers = 0;

/** Another number each time, for names that must not meet. */
function nextNumber(): number {
  numbers += 1;
  return numbers;
}

const hourMilliseconds = 3_600_000;
const thisHour = Math.floor(Date.now() / hourMilliseconds) * hourMilliseconds;

/** The beginning of an hour, so many hours ago. Real times, as CloudWatch takes figures of the last two weeks only. */
export function ago(hours: number): Date {
  return new Date(thisHour - hours * hourMilliseconds);
}

/** A model with a live version, whose predictions are monitored; one of its own for each test, so that tests do not meet. */
export class MonitoredModel {
  readonly name: string;
  readonly table: RegistryTable;
  readonly #s3: S3Client;
  readonly #cloudwatch: CloudWatchClient;
  readonly #objects: Objects;
  readonly #region: MonitorRegion;

  private constructor(region: MonitorRegion) {
    models += 1;
    this.name = `model-${models}`;
    this.#region = region;
    this.table = connectRegistry(region);
    this.#s3 = new S3Client(region.sdkConfig);
    this.#cloudwatch = new CloudWatchClient(region.sdkConfig);
    this.#objects = new Objects(this.#s3);
  }

  static async live(
    region: MonitorRegion,
    monitoring: z.input<typeof definitionSchema>['monitoring'] = {},
  ): Promise<MonitoredModel> {
    const model = new MonitoredModel(region);
    const definition = definitionSchema.parse({
      name: model.name,
      problem: 'binary',
      target: { column: 'delay', above: 15 },
      segments: ['origin', 'carrier'],
      monitoring: { every: 'hour', ...monitoring },
    });
    await putModel(model.table, {
      ...modelRecord(model.name),
      definition,
      definitionHash: definitionHash(definition),
    });
    await model.goLive(1);
    return model;
  }

  /** As `train` and `deploy` leave a version that they have proven. */
  async goLive(version: number, baseline: Baseline | null = usualBaseline(this.name)): Promise<void> {
    const files = runKeys(this.name, `run-${version}`);
    const pins = {
      encoding: await this.#objects.putJson(artifactsBucket, files.encoding, {
        ...encoding,
        model: this.name,
      }),
      ...(baseline && { baseline: await this.#objects.putJson(artifactsBucket, files.baseline, baseline) }),
    };
    const record = versionRecord(version, { model: this.name, status: 'live', ...pins });
    await this.table.put({ Item: { ...keys.version(this.name, version), ...record } });
    await this.movePointer(version);
  }

  async movePointer(liveVersion: number | null): Promise<void> {
    await putModel(this.table, { ...(await new Models(this.table).load(this.name)), liveVersion });
  }

  /** A retraining is begun for an episode, as `retrain` does it. */
  async answer(
    episode: EpisodeName,
    retrainingId: string,
    status: RetrainingRecord['status'],
    former: string | null = null,
  ): Promise<void> {
    const record: RetrainingRecord = {
      model: this.name,
      retrainingId,
      trigger: 'drift',
      episodeId: episode.episodeId,
      version: 1,
      executionArn: 'arn:retrain',
      startedAt: new Date().toISOString(),
      askedAt: new Date().toISOString(),
      status,
      statusReason: null,
      newRows: 0,
      rows: null,
      inferenceIds: null,
      labels: null,
      datasetId: 'ds-1',
      runId: null,
    };
    await this.table.put({ Item: { ...keys.retraining(this.name, retrainingId), ...record } });
    await this.table.transact([episodeAnswered(episode, retrainingId, former, null)]);
  }

  /** What the prediction function captures of these flights, in an object of its own. @returns their inference ids */
  async capture(time: Date, flights: readonly Flight[], more: Partial<CaptureLine> = {}): Promise<string[]> {
    const lines = this.#lines(time, flights, more);
    await this.putCapture(time, gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
    return lines.map(({ inferenceId }) => inferenceId);
  }

  /** An object among the function's captures. @returns its key */
  async putCapture(hour: Date, Body: Buffer, name = `capture-${nextNumber()}.gz`): Promise<string> {
    const folder = hour.toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
    const Key = `${captureKeys(this.name).byFunction}${folder}/${name}`;
    await this.#s3.send(new PutObjectCommand({ Bucket: artifactsBucket, Key, Body }));
    return Key;
  }

  /** Flights in an object of more than half a slice: most of it is one line that is longer than any capture. */
  async captureLarge(time: Date, flights: readonly Flight[], more: Partial<CaptureLine> = {}): Promise<void> {
    const lines = this.#lines(time, flights, more).map((line) => `${JSON.stringify(line)}\n`);
    const Body = Buffer.concat([Buffer.alloc(40 * 2 ** 20, 'x'), Buffer.from(['\n', ...lines].join(''))]);
    await this.putCapture(time, Body, `direct-${nextNumber()}.jsonl`);
  }

  /** What SageMaker captures of a direct caller's rows. */
  async captureAtEndpoint(
    time: Date,
    rows: readonly { readonly inferenceId: string; readonly line: string; readonly score: number }[],
    version = 1,
  ): Promise<void> {
    const folder = time.toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
    const place = `v${String(version).padStart(8, '0')}/tidemark-dev-${this.name}/primary`;
    const Body = rows
      .map(({ inferenceId, line, score }) =>
        JSON.stringify({
          captureData: {
            endpointInput: { observedContentType: 'text/csv', mode: 'INPUT', data: line, encoding: 'CSV' },
            endpointOutput: {
              observedContentType: 'text/csv',
              mode: 'OUTPUT',
              data: `${score}`,
              encoding: 'CSV',
            },
          },
          eventMetadata: { eventId: `event-${inferenceId}`, inferenceId, inferenceTime: time.toISOString() },
          eventVersion: '0',
        }),
      )
      .join('\n');
    const Key = `${captureKeys(this.name).byEndpoint}${place}/${folder}/${nextNumber()}.jsonl`;
    await this.#s3.send(new PutObjectCommand({ Bucket: artifactsBucket, Key, Body }));
  }

  /** A file of labels, by inference id. */
  async label(
    labels: Readonly<Record<string, number | string>>,
    name = `${nextNumber()}.csv`,
  ): Promise<void> {
    const lines = Object.entries(labels).map(([id, label]) => `${id},${label}`);
    await this.putLabels(['inference_id,label', ...lines].join('\n'), name);
  }

  /** A file under `labels/`, whatever is in it. @returns its key and S3's version id */
  async putLabels(
    Body: string | Buffer,
    name = `${nextNumber()}.csv`,
    folder = dataKeys.labels(this.name),
  ): Promise<{ key: string; versionId: string }> {
    const key = `${folder}${name}`;
    const { VersionId } = await this.#s3.send(new PutObjectCommand({ Bucket: dataBucket, Key: key, Body }));
    return { key, versionId: String(VersionId) };
  }

  /** As if `JoinLabels` had found a file too large. */
  async refuseLabels(end: Date, key: string): Promise<void> {
    const { labels } = windowKeys(this.name, windowIdOf(end));
    const part = JSON.parse((await this.#objects.readCurrent(artifactsBucket, labels)) ?? '{}');
    const refused = [
      { key, versionId: 'v1', code: 'too-large', why: 'it is too large', lines: [], count: null },
    ];
    await this.#objects.putJson(artifactsBucket, labels, { ...part, refused });
  }

  /** What Scheduler starts an execution with. */
  scheduled(end: Date): object {
    return { model: this.name, trigger: 'schedule', scheduledTime: end.toISOString().replace('.000Z', 'Z') };
  }

  monitor(): Promise<MonitorRecord | undefined> {
    return new Monitors(this.table).find(this.name);
  }

  async windows(): Promise<WindowRecord[]> {
    const windows: WindowRecord[] = [];
    const query = this.table.query(keys.modelPk(this.name), keys.windowPrefix, windowRecordSchema);
    for await (const window of query) windows.push(window);
    return windows;
  }

  /** The window that ended then, which must be finished. */
  async window(end: Date): Promise<WindowRecord> {
    const record = await this.table.get(keys.window(this.name, windowIdOf(end)), windowRecordSchema);
    if (!record) throw new Error(`${this.name} has no window ${windowIdOf(end)}`);
    return record;
  }

  async plan(end: Date): Promise<Window> {
    return windowSchema.parse(await this.#json((await this.window(end)).window));
  }

  putPlan(window: Window): Promise<ObjectPin> {
    return this.#objects.putJson(artifactsBucket, windowKeys(this.name, window.windowId).window, window);
  }

  async facts(end: Date): Promise<WindowFacts> {
    return windowFactsSchema.parse(await this.#json((await this.window(end)).profile));
  }

  async report(end: Date): Promise<WindowReport> {
    return windowReportSchema.parse(await this.#json((await this.window(end)).report));
  }

  /** The values of a metric, in order of time. */
  async figures(metric: string): Promise<number[]> {
    const Dimensions = [...monitoringDimensions('dev', this.name)];
    const Metric = { Namespace: 'Tidemark', MetricName: metric, Dimensions };
    const day = 24 * 3_600_000;
    const { MetricDataResults = [] } = await this.#cloudwatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(Date.now() - 10 * day),
        EndTime: new Date(Date.now() + day),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [{ Id: 'figures', MetricStat: { Metric, Period: 60, Stat: 'Maximum' } }],
      }),
    );
    return MetricDataResults[0]?.Values ?? [];
  }

  /** The types of what was published about this model, in order. */
  async announced(): Promise<string[]> {
    return (await this.events()).map((event) => event['detail-type']);
  }

  async events(): Promise<readonly AwsEvent[]> {
    const all = await this.#region.eventsOn(eventBus);
    return all.filter(({ detail }) => Object(detail).model === this.name);
  }

  #lines(time: Date, flights: readonly Flight[], more: Partial<CaptureLine>): CaptureLine[] {
    const number = nextNumber();
    return flights.map(({ score, ...record }, index) => ({
      schemaVersion: 1,
      model: this.name,
      version: 1,
      inferenceId: `prediction-${number}-${index}`,
      time: time.toISOString(),
      record,
      prediction: [score],
      ...more,
    }));
  }

  async #json(pin: ObjectPin): Promise<unknown> {
    return JSON.parse(await this.#objects.readText(pin));
  }
}

import { createHash } from 'node:crypto';
import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { ConflictError } from '@tidemark/domain/errors.ts';
import { type DomainEvent, eventIdOf, sentenceOf } from '@tidemark/domain/events/domain-event.ts';
import type { DomainEventType } from '@tidemark/domain/events/domain-events.schema.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { type Told, told } from '@tidemark/domain/invocations/outcome.ts';
import { gaugeRequest } from '@tidemark/domain/monitoring-gauges.ts';
import { windowKeys } from '@tidemark/domain/names.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import { Monitors } from '@tidemark/domain/registry/monitors.client.ts';
import type { ModelRecord, WindowRecord } from '@tidemark/domain/registry/records.schema.ts';
import { isRetired } from '@tidemark/domain/registry/retired-model.ts';
import { Answers } from '@tidemark/domain/registry/retraining-answers.client.ts';
import { RegistryConflictError, RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { baselineSchema } from '@tidemark/domain/windows/baseline.schema.ts';
import { windowFactsSchema } from '@tidemark/domain/windows/window-facts.schema.ts';
import type * as z from 'zod';
import { alarmDueMilliseconds } from './episode-decision.ts';
import { judgeWindow } from './judge-window.ts';
import { type EarlierWindow, referenceWindows } from './reference.ts';
import { type EvidenceObject, type WindowReport, windowReportSchema } from './report.schema.ts';
import { reportPage } from './report-page.ts';
import { WindowFiles } from './window-files.client.ts';
import { decideOutcome } from './window-outcome.ts';
import { Windows } from './windows.client.ts';
import { type JudgeWindow, judgeWindowInputSchema, type WindowRun } from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const { ARTIFACTS_BUCKET, CODE_VERSION, STAGE } = environment;
const table = new RegistryTable(environment.TABLE_NAME);
const objects = new Objects();
const files = new WindowFiles(objects, ARTIFACTS_BUCKET);
const answers = new Answers(table);
const models = new Models(table);
const monitors = new Monitors(table);
const windows = new Windows(table);

/** A state machine retries with pauses; this many times the facts are loaded again at once. */
const maximumAttempts = 5;
/** Windows are compared with those of the same hour in the four weeks before at most; a week more for windows that were skipped. */
const referenceDays = 36;

/** Another execution has taken over the model's monitoring, as this one had not ended in time. */
export class MonitoringTakenOverError extends ConflictError {
  override readonly name = 'MonitoringTakenOverError';
}

/** Judges the window, writes its report, and records what follows from it. Repeated, it gives what it had recorded. */
export const handler = entry({
  capability: 'monitor',
  name: 'judge-window',
  input: judgeWindowInputSchema,
  subject: ({ run }) => ({ model: run.model, version: run.version, windowId: run.windowId }),
  run: judgeAndFinish,
  told: ({ events }) => toldOf(events),
});

async function judgeAndFinish(input: z.infer<typeof judgeWindowInputSchema>): Promise<JudgeWindow> {
  const { run, window, profile } = input;
  const recorded = await windows.find(run.model, run.windowId);
  if (recorded?.executionArn === run.executionArn) return repeated(recorded);
  const model = await models.load(run.model);
  const report = await judge(run, model, window, profile);
  const pin = await write(report);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await finish(run, report, { window, profile, report: pin });
    } catch (error) {
      if (!(error instanceof RegistryConflictError) || attempt === maximumAttempts) throw error;
    }
  }
}

function toldOf(events: readonly DomainEvent[]): Told {
  const monitored = events.find((event) => event.type === 'window.monitored');
  if (monitored === undefined) return told('done', 'judged');
  const { verdict, rows } = monitored.detail;
  return told('done', verdict, { message: sentenceOf([monitored]), subject: { items: rows } });
}

async function judge(
  run: WindowRun,
  { definition, definitionHash }: ModelRecord,
  window: ObjectPin,
  profile: ObjectPin,
): Promise<WindowReport> {
  const end = new Date(run.end);
  const pinned = await files.window(window);
  const [baseline, facts, previous, references, leftOutLabels] = await Promise.all([
    evidenceOf(pinned.baseline),
    evidenceOf(profile),
    previousReport(run),
    referencesOf(run, definition.monitoring),
    files.leftOutLabels(run, window),
  ]);
  return judgeWindow(
    {
      definition,
      windowId: run.windowId,
      end,
      version: run.version,
      baseline: baselineSchema.parse(baseline.json),
      window: windowFactsSchema.parse(facts.json),
      late: pinned.late,
      labels: leftOutLabels,
      reference: references.map(({ earlier }) => earlier),
      previousReport: previous,
      evidence: {
        baseline: baseline.object,
        window,
        profile: facts.object,
        references: references.map(({ object }) => object),
        definitionHash,
        codeVersion: CODE_VERSION,
      },
    },
    new Date(),
  );
}

async function previousReport({ model, previousWindowId }: WindowRun): Promise<WindowReport | null> {
  const record = previousWindowId === null ? undefined : await windows.find(model, previousWindowId);
  return record ? windowReportSchema.parse(JSON.parse(await objects.readText(record.report))) : null;
}

async function referencesOf(
  { model, end, version }: WindowRun,
  monitoring: ModelRecord['definition']['monitoring'],
): Promise<{ earlier: EarlierWindow; object: EvidenceObject }[]> {
  if (monitoring.compareWith === 'baseline') return [];
  const until = new Date(end);
  const from = new Date(until.getTime() - referenceDays * 24 * 3_600_000);
  const finished = (await windows.finishedBetween(model, from, until))
    .filter((window) => window.version === version)
    .map(({ windowId, profile, ...window }) => ({ windowId, profile, end: new Date(window.end) }));
  return Promise.all(
    referenceWindows(monitoring, until, finished).map(async ({ windowId, profile }) => {
      const { json, object } = await evidenceOf(profile);
      return { earlier: { windowId, facts: windowFactsSchema.parse(json) }, object };
    }),
  );
}

async function evidenceOf(pin: ObjectPin): Promise<{ json: unknown; object: EvidenceObject }> {
  const text = await objects.readText(pin);
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { json: JSON.parse(text), object: { ...pin, sha256 } };
}

async function write(report: WindowReport): Promise<ObjectPin> {
  const names = windowKeys(report.model, report.windowId);
  await objects.putText(ARTIFACTS_BUCKET, names.page, reportPage(report), 'text/html; charset=utf-8');
  return objects.putJson(ARTIFACTS_BUCKET, names.report, report);
}

async function finish(
  { model, windowId, version, executionArn, end }: WindowRun,
  report: WindowReport,
  pins: Pick<WindowRecord, 'window' | 'profile' | 'report'>,
): Promise<JudgeWindow> {
  const [monitor, found] = await Promise.all([monitors.find(model), models.load(model)]);
  const { liveVersion, definition } = found;
  if (monitor?.running?.owner !== executionArn) throw takenOver(model, windowId);
  const { drift, quality } = monitor;
  const [driftIsAnswered, qualityIsAnswered] = await Promise.all(
    [drift, quality].map((episode) => answers.isAnswered(model, episode)),
  );
  const isAnswered = { drift: driftIsAnswered ?? false, quality: qualityIsAnswered ?? false };
  const context = { causeId: executionArn, reportKey: pins.report.key };
  const alarmDue = alarmDueMilliseconds(definition.monitoring);
  // Of a retired model nothing is alarmed, though its endpoint may still be there.
  const known = {
    monitor,
    liveVersion: isRetired(found) ? null : liveVersion,
    isAnswered,
    alarmDueMilliseconds: alarmDue,
    alarm: definition.monitoring.alarm,
  };
  const outcome = decideOutcome(report, known, context, new Date());
  const { measures, message, episodes, judged } = outcome;
  const { rows } = report.counts;
  const record = {
    model,
    windowId,
    version,
    executionArn,
    end,
    rows,
    verdict: report.drift.verdict,
    measures,
    ...pins,
  };
  const events = await windows.finish(
    { record, episodes, judged, seen: { drift, quality, liveVersion } },
    outcome.events,
  );
  return { message, events: [...events], metrics: metricsOf(record) };
}

/** This execution has recorded the window, and its answer was lost. */
async function repeated(record: WindowRecord): Promise<JudgeWindow> {
  const { model, windowId, executionArn } = record;
  const ids = announced.map((type) => eventIdOf(type, model, executionArn));
  const found = await Promise.all(ids.map((id) => table.recordedEvent(model, id)));
  const events = found.filter((each): each is DomainEvent => each !== undefined);
  const message = events[0]?.detail.message ?? `The window ${windowId} of ${model} was judged.`;
  return { message, events, metrics: metricsOf(record) };
}

/** In the order in which they are announced. */
const announced: readonly DomainEventType[] = [
  'window.monitored',
  'labels.refused',
  'drift.cleared',
  'drift.superseded',
  'drift.detected',
  'drift.continued',
  'quality.recovered',
  'quality.superseded',
  'quality.degraded',
  'quality.continued',
];

function metricsOf({ model, measures, end }: WindowRecord): JudgeWindow['metrics'] {
  return gaugeRequest({ stage: STAGE, model }, measures, new Date(end));
}

function takenOver(model: string, windowId: string): MonitoringTakenOverError {
  return new MonitoringTakenOverError(
    `Another execution has taken over the monitoring of ${model}, as the window ${windowId} had not ended in time.`,
  );
}

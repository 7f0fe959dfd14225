import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { InvariantError } from '@tidemark/domain/errors.ts';
import {
  type DomainEvent,
  domainEvent,
  eventIdOf,
  sentenceOf,
} from '@tidemark/domain/events/domain-event.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { toldBy } from '@tidemark/domain/invocations/outcome.ts';
import { gaugeRequest } from '@tidemark/domain/monitoring-gauges.ts';
import { dataKeys, windowKeys } from '@tidemark/domain/names.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import { Monitors } from '@tidemark/domain/registry/monitors.client.ts';
import { versionRecordSchema } from '@tidemark/domain/registry/records.schema.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { HashFiles } from '@tidemark/domain/windows/hash-files.client.ts';
import { Hashes, hasHash } from '@tidemark/domain/windows/hashes.ts';
import type { LabelObject, Window } from '@tidemark/domain/windows/window.schema.ts';
import type * as z from 'zod';
import { CaptureListing } from './capture-listing.client.ts';
import { hourToListFrom, type PlannedWindow, planWindow } from './capture-plan.ts';
import { isIdle } from './idle.ts';
import { planLabels } from './label-plan.ts';
import { WindowFiles } from './window-files.client.ts';
import { Windows } from './windows.client.ts';
import { type PlanWindow, planWindowInputSchema, type WindowRun } from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const { ARTIFACTS_BUCKET, DATA_BUCKET, STAGE } = environment;
const table = new RegistryTable(environment.TABLE_NAME);
const objects = new Objects();
const captures = new CaptureListing(objects, ARTIFACTS_BUCKET);
const files = new WindowFiles(objects, ARTIFACTS_BUCKET);
const hashFiles = new HashFiles(objects, ARTIFACTS_BUCKET);
const models = new Models(table);
const monitors = new Monitors(table);
const windows = new Windows(table);

const tellPlan = toldBy<PlanWindow['outcome']>({ planned: 'done', idle: 'unneeded' });

/** Pins what belongs to the window and cuts it into slices, or says that nothing came. Repeated, it finds what it had pinned, or said. */
export const handler = entry({
  capability: 'monitor',
  name: 'plan-window',
  input: planWindowInputSchema,
  subject: ({ run }) => ({ model: run.model, version: run.version, windowId: run.windowId }),
  run: planOrSkip,
  told: (plan) =>
    tellPlan(plan.outcome, {
      message: sentenceOf('events' in plan ? plan.events : []),
      subject: { items: 'slices' in plan ? plan.slices : 0 },
    }),
});

async function planOrSkip(input: z.infer<typeof planWindowInputSchema>): Promise<PlanWindow> {
  const { run, startedAt } = input;
  const { model, windowId } = run;
  const said = await table.recordedEvent(model, skippedId(run));
  if (said) return idle(run, [said]);
  const planned = await files.planned(run);
  const window = planned?.window ?? (await plan(run, new Date(startedAt)));
  if (window === null) return skip(run);
  const pin =
    planned?.pin ?? (await objects.putJson(ARTIFACTS_BUCKET, windowKeys(model, windowId).window, window));
  return files.planOf(
    run,
    pin,
    window.slices.map((_, index) => ({ slice: index + 1 })),
  );
}

function skippedId({ model, executionArn }: WindowRun): string {
  return eventIdOf('monitoring.skipped', model, executionArn);
}

/** An idle model has no reports of nothing: the event is on record, and the next window takes what comes. */
async function skip(run: WindowRun): Promise<PlanWindow> {
  const { model, windowId, executionArn } = run;
  const reason = 'No predictions and no labels have arrived since the last window.';
  const message = `The window ${windowId} of ${model} was not looked at: ${reason}`;
  const facts = { model, windowId, reason, code: 'nothing-came' as const, causeId: executionArn, message };
  const event = domainEvent('monitoring.skipped', facts, new Date());
  return idle(run, await windows.free(model, executionArn, [event]));
}

/** That there were no predictions is a figure: who waits for some may alarm on it. */
function idle({ model, end }: WindowRun, events: readonly DomainEvent[]): PlanWindow {
  const measures = {
    drift: null,
    qualityDegraded: null,
    driftAlarm: null,
    qualityAlarm: null,
    driftedColumns: null,
    windowRows: 0,
  };
  const metrics = gaugeRequest({ stage: STAGE, model }, measures, new Date(end));
  return { outcome: 'idle', message: events[0]?.detail.message ?? '', events: [...events], metrics };
}

/** @returns `null`: nothing came */
async function plan(run: WindowRun, startedAt: Date): Promise<Window | null> {
  const { model, windowId, end, executionArn, version, previousWindowId } = run;
  const [{ encoding, baseline }, previous, listedLabels, { definition }, monitor] = await Promise.all([
    judgedVersion(model, version),
    previousWindow(model, previousWindowId),
    listLabels(model),
    models.load(model),
    monitors.find(model),
  ]);
  const closing = { end: new Date(end), startedAt };
  const listed = await captures.from(model, hourToListFrom(previous, closing));
  const known = await knownCaptures(previous);
  const planned = planWindow(listed, previous, closing, { isKnown: (key) => hasHash(known, key) });
  const labels = planLabels(listedLabels, previous?.labels, startedAt);
  const { every } = definition.monitoring;
  if (isIdle({ planned, labels: labels.objects.length, every, version, monitor })) return null;
  return {
    schemaVersion: 1,
    model,
    windowId,
    end,
    executionArn,
    version,
    encoding,
    baseline,
    previousWindowId,
    bucket: ARTIFACTS_BUCKET,
    ...(await withKnown(run, planned)),
    labels,
  };
}

const none = new Float64Array();

/**
 * What the last sweep knew. Of half a million keys and a hundred that come late, one would be taken for known by its hash once in ninety
 * million sweeps.
 */
async function knownCaptures(previous: Window | undefined): Promise<Float64Array> {
  const known = previous?.lookBack.swept.known ?? null;
  return known === null ? none : hashFiles.read(known);
}

/** Keeps what a sweep found for those that come later. */
async function withKnown({ model, windowId }: WindowRun, { known, ...plan }: PlannedWindow) {
  if (known === null) return plan;
  const hashes = new Hashes();
  for (const key of known) hashes.add(key);
  const pin = await hashFiles.put(windowKeys(model, windowId).knownCaptures, hashes.sorted());
  const { lookBack } = plan;
  return { ...plan, lookBack: { ...lookBack, swept: { ...lookBack.swept, known: pin } } };
}

async function judgedVersion(model: string, version: number) {
  const record = await table.get(keys.version(model, version), versionRecordSchema);
  if (record?.baseline) return { encoding: record.encoding, baseline: record.baseline };
  throw new InvariantError(
    `Version ${version} of ${model} had a baseline when its window began, and has none now.`,
  );
}

async function previousWindow(model: string, windowId: string | null): Promise<Window | undefined> {
  if (windowId === null) return undefined;
  const record = await windows.find(model, windowId);
  if (record) return files.window(record.window);
  throw new InvariantError(
    `The window ${windowId} of ${model} was finished, but the registry does not have it.`,
  );
}

async function listLabels(model: string): Promise<LabelObject[]> {
  const listed: LabelObject[] = [];
  for await (const object of objects.listDated(DATA_BUCKET, dataKeys.labels(model))) {
    const { key, versionId, size, modifiedAt } = object;
    listed.push({ key, versionId, size, modifiedAt: modifiedAt.toISOString() });
  }
  return listed;
}

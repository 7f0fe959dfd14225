import { Objects } from '../datasets/objects.client.ts';
import { environmentSchema } from '../environment.schema.ts';
import { InvariantError } from '../errors.ts';
import { dataKeys, windowKeys } from '../names.ts';
import { keys } from '../registry/keys.ts';
import { versionRecordSchema } from '../registry/records.schema.ts';
import { RegistryTable } from '../registry/table.client.ts';
import { HashFiles } from '../windows/hash-files.client.ts';
import { Hashes, hasHash } from '../windows/hashes.ts';
import type { LabelObject, Window } from '../windows/window.schema.ts';
import { CaptureListing } from './capture-listing.client.ts';
import { planLabels } from './label-plan.ts';
import { hourToListFrom, type PlannedWindow, planWindow } from './plan.ts';
import { WindowFiles } from './window-files.client.ts';
import { Windows } from './windows.client.ts';
import { type PlanWindow, planWindowInputSchema, type WindowRun } from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const { ARTIFACTS_BUCKET, DATA_BUCKET } = environment;
const table = new RegistryTable(environment.TABLE_NAME);
const objects = new Objects();
const captures = new CaptureListing(objects, ARTIFACTS_BUCKET);
const files = new WindowFiles(objects, ARTIFACTS_BUCKET);
const hashFiles = new HashFiles(objects, ARTIFACTS_BUCKET);
const windows = new Windows(table);

/** Pins what belongs to the window and cuts it into slices. Repeated, it finds what it had pinned. */
export async function handler(event: unknown): Promise<PlanWindow> {
  const { run, startedAt } = planWindowInputSchema.parse(event);
  const { model, windowId } = run;
  const planned = await files.planned(run);
  const window = planned?.window ?? (await plan(run, new Date(startedAt)));
  const pin =
    planned?.pin ?? (await objects.putJson(ARTIFACTS_BUCKET, windowKeys(model, windowId).window, window));
  return files.planOf(
    run,
    pin,
    window.slices.map((_, index) => ({ window: pin, slice: index + 1 })),
  );
}

async function plan(run: WindowRun, startedAt: Date): Promise<Window> {
  const { model, windowId, end, executionArn, version, previousWindowId } = run;
  const [{ encoding, baseline }, previous, labels] = await Promise.all([
    judgedVersion(model, version),
    previousWindow(model, previousWindowId),
    listLabels(model),
  ]);
  const closing = { end: new Date(end), startedAt };
  const listed = await captures.from(model, hourToListFrom(previous, closing));
  const known = await knownCaptures(previous);
  const planned = planWindow(listed, previous, closing, { isKnown: (key) => hasHash(known, key) });
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
    labels: planLabels(labels, previous?.labels, startedAt),
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

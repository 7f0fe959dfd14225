import type { ObjectPin } from '../datasets/manifest.schema.ts';
import { Objects } from '../datasets/objects.client.ts';
import { environmentSchema } from '../environment.schema.ts';
import { windowKeys } from '../names.ts';
import { RegistryTable } from '../registry/table.client.ts';
import { idOfLine } from './kept-prediction.ts';
import { LineFiles } from './line-files.client.ts';
import { IdHashes, RepeatedIds } from './repeats.ts';
import { WindowFiles } from './window-files.client.ts';
import { Windows } from './windows.client.ts';
import {
  type PlanWindow,
  type ProfileSliceInput,
  repeatsInputSchema,
  type WindowRun,
} from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const { ARTIFACTS_BUCKET } = environment;
const objects = new Objects();
const files = new WindowFiles(objects, ARTIFACTS_BUCKET);
const lineFiles = new LineFiles(objects, ARTIFACTS_BUCKET);
const windows = new Windows(new RegistryTable(environment.TABLE_NAME));

/**
 * Finds predictions that were captured again in another slice, or that the window before has counted, and plans to profile anew, without
 * them, the slices that have them: as a rule none. Safe to repeat.
 */
export async function handler(event: unknown): Promise<PlanWindow> {
  const { run, window: pin } = repeatsInputSchema.parse(event);
  const own = await predictionFiles(run.model, run.windowId, pin);
  const repeats = await findRepeats(await filesOfWindowBefore(run), own);
  const inputs: ProfileSliceInput[] = [];
  for (const [slice, ids] of repeats) {
    const key = windowKeys(run.model, run.windowId).repeats(slice);
    inputs.push({ window: pin, slice, without: await objects.putJson(ARTIFACTS_BUCKET, key, ids) });
  }
  return files.planOf(run, pin, inputs);
}

/** Keys of the predictions that the window keeps, slice by slice. */
async function predictionFiles(model: string, windowId: string, pin: ObjectPin): Promise<string[]> {
  const { slices } = await files.window(pin);
  return slices.map((_, index) => windowKeys(model, windowId).predictions(index + 1));
}

async function filesOfWindowBefore({ model, previousWindowId }: WindowRun): Promise<string[]> {
  const record = previousWindowId === null ? undefined : await windows.find(model, previousWindowId);
  return record ? predictionFiles(model, record.windowId, record.window) : [];
}

/** What each slice has that came before, by its number. Twice through, as few of the ids need to be remembered. */
async function findRepeats(
  before: readonly string[],
  own: readonly string[],
): Promise<Map<number, string[]>> {
  if (own.length === 0 || own.length + before.length === 1) return new Map();
  const hashes = new IdHashes();
  for (const key of [...before, ...own]) for await (const id of idsOf(key)) hashes.add(id);
  const repeated = hashes.repeated();
  const repeats = new Map<number, string[]>();
  if (repeated.size === 0) return repeats;
  const ids = new RepeatedIds(repeated);
  for (const key of before) for await (const id of idsOf(key)) ids.isRepeat(id);
  for (const [index, key] of own.entries()) {
    const again: string[] = [];
    for await (const id of idsOf(key)) if (ids.isRepeat(id)) again.push(id);
    if (again.length > 0) repeats.set(index + 1, again);
  }
  return repeats;
}

async function* idsOf(key: string): AsyncGenerator<string> {
  for await (const line of lineFiles.read(key)) yield idOfLine(line);
}

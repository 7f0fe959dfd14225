import { inParallel } from '@tidemark/domain/datasets/in-parallel.ts';
import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { toldBy } from '@tidemark/domain/invocations/outcome.ts';
import { windowKeys } from '@tidemark/domain/names.ts';
import type { WindowRecord } from '@tidemark/domain/registry/records.schema.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { HashFiles } from '@tidemark/domain/windows/hash-files.client.ts';
import { commonHashes, Hashes, repeatedHashes } from '@tidemark/domain/windows/hashes.ts';
import type * as z from 'zod';
import { idOfLine } from './kept-prediction.ts';
import { LineFiles } from './line-files.client.ts';
import { RepeatedIds } from './repeats.ts';
import { WindowFiles } from './window-files.client.ts';
import { Windows } from './windows.client.ts';
import { type PlanWindow, type ProfileSliceInput, repeatsInputSchema } from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const { ARTIFACTS_BUCKET } = environment;
const objects = new Objects();
const files = new WindowFiles(objects, ARTIFACTS_BUCKET);
const lineFiles = new LineFiles(objects, ARTIFACTS_BUCKET);
const hashFiles = new HashFiles(objects, ARTIFACTS_BUCKET);
const windows = new Windows(new RegistryTable(environment.TABLE_NAME));

/** Files of ids that are read at a time: each answer takes some 30 ms to begin, and a month of hours has 744. */
const filesAtATime = 10;

const tellPlan = toldBy<PlanWindow['outcome']>({ planned: 'done', idle: 'unneeded' });

/**
 * Finds predictions that were captured again in another slice, or that a window of the month before has counted, and plans to profile
 * again, without them, the slices that have them: usually none. Hashes find candidates, ids confirm them. Safe to repeat.
 */
export const handler = entry({
  capability: 'monitor',
  name: 'find-repeats',
  input: repeatsInputSchema,
  subject: ({ run }) => ({ model: run.model, version: run.version, windowId: run.windowId }),
  run: planAgain,
  told: (plan) => tellPlan(plan.outcome, { subject: { items: 'slices' in plan ? plan.slices : 0 } }),
});

async function planAgain(input: z.infer<typeof repeatsInputSchema>): Promise<PlanWindow> {
  const { run, window: pin } = input;
  const { model, windowId } = run;
  const own = await predictionFiles(model, windowId, pin);
  const hashes = await hashesIn(own);
  await hashFiles.put(windowKeys(model, windowId).ids, hashes);
  const earlier = (await windows.remembered(run)).filter(({ rows }) => rows > 0);
  const met = await metBefore(earlier, hashes);
  const suspects = new Set([...repeatedHashes(hashes), ...met.flatMap(({ common }) => common)]);
  const before: string[] = [];
  for (const { window } of met)
    before.push(...(await predictionFiles(model, window.windowId, window.window)));
  const slices: Pick<ProfileSliceInput, 'slice' | 'without'>[] = [];
  for (const [slice, ids] of await findRepeats(suspects, before, own)) {
    const key = windowKeys(model, windowId).repeats(slice);
    slices.push({ slice, without: await objects.putJson(ARTIFACTS_BUCKET, key, ids) });
  }
  return files.planOf(run, pin, slices);
}

/** Keys of the predictions that a window keeps, slice by slice. */
async function predictionFiles(model: string, windowId: string, pin: ObjectPin): Promise<string[]> {
  const { slices } = await files.window(pin);
  return slices.map((_, index) => windowKeys(model, windowId).predictions(index + 1));
}

async function hashesIn(keys: readonly string[]): Promise<Float64Array> {
  const hashes = new Hashes();
  for (const key of keys) for await (const id of idsOf(key)) hashes.add(id);
  return hashes.sorted();
}

/** Windows that have hashes of this one, and which. */
async function metBefore(
  earlier: readonly WindowRecord[],
  hashes: Float64Array,
): Promise<{ window: WindowRecord; common: number[] }[]> {
  const compared = await inParallel(earlier, filesAtATime, async (window) => {
    const { ids } = windowKeys(window.model, window.windowId);
    const common = commonHashes(hashes, await hashFiles.readCurrent(ids));
    return { window, common };
  });
  return compared.filter(({ common }) => common.length > 0);
}

/** What each slice has that came before, by its number. */
async function findRepeats(
  suspects: ReadonlySet<number>,
  before: readonly string[],
  own: readonly string[],
): Promise<Map<number, string[]>> {
  const repeats = new Map<number, string[]>();
  if (suspects.size === 0) return repeats;
  const ids = new RepeatedIds(suspects);
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

import { linesOfObject } from '../capture/capture-objects.client.ts';
import { LabelBook } from '../capture/label-book.ts';
import { LabelLines } from '../capture/label-lines.ts';
import { type Label, type LabelValue, labelValueSchema } from '../capture/labels.schema.ts';
import { monitoredRowSchema } from '../capture/monitored.schema.ts';
import { encodingSchema } from '../datasets/encoding.schema.ts';
import { ObjectGoneError, Objects } from '../datasets/objects.client.ts';
import { environmentSchema } from '../environment.schema.ts';
import { windowKeys } from '../names.ts';
import type { WindowRecord } from '../registry/records.schema.ts';
import { RegistryTable } from '../registry/table.client.ts';
import { baselineSchema } from '../windows/baseline.schema.ts';
import { hashOfId } from '../windows/labelled-sample.ts';
import type { LabelObject, Window } from '../windows/window.schema.ts';
import { WindowCounter } from '../windows/window-counter.ts';
import { idOfLine, lineOf, restOfLine } from './kept-prediction.ts';
import { LabelJoin } from './label-join.ts';
import { isTooLarge } from './label-plan.ts';
import { CompressedLines, LineFiles } from './line-files.client.ts';
import { WindowFiles } from './window-files.client.ts';
import { Windows } from './windows.client.ts';
import { type JoinLabels, joinLabelsInputSchema } from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const { ARTIFACTS_BUCKET, DATA_BUCKET } = environment;
const objects = new Objects();
const files = new WindowFiles(objects, ARTIFACTS_BUCKET);
const lineFiles = new LineFiles(objects, ARTIFACTS_BUCKET);
const windows = new Windows(new RegistryTable(environment.TABLE_NAME));

/** Joins the labels that came with the window with predictions, of it and of those before. Safe to repeat. */
export async function handler(event: unknown): Promise<JoinLabels> {
  const { run, window: pin } = joinLabelsInputSchema.parse(event);
  const window = await files.window(pin);
  const [{ plan }, encoding] = await Promise.all([
    objects.readText(window.baseline).then((text) => baselineSchema.parse(JSON.parse(text))),
    objects.readText(window.encoding).then((text) => encodingSchema.parse(JSON.parse(text))),
  ]);
  const counter = new WindowCounter(plan, encoding);
  const fresh = new LabelBook();
  const unreadable = await readLabels(window.labels.objects, (label) => fresh.add(label));
  for (let line = 0; line < unreadable; line += 1) counter.leaveOutLabel('malformed');
  const recent = await readRecent(window);
  const join = new LabelJoin({ fresh, recent }, encoding, counter);
  const labelled = new CompressedLines();
  // The latest first, as most labels are of the last days. Labels that came before are of this window's predictions or have been dealt with.
  const earlier = fresh.counts.labels > 0 ? await windows.remembered(run) : [];
  if (fresh.counts.labels + recent.counts.labels > 0) await joinAll(window, earlier, join, labelled);
  join.finish();
  const names = windowKeys(window.model, window.windowId);
  await lineFiles.put(names.labelled, labelled);
  const facts = counter.facts();
  await files.putFacts(names.labels, pin, facts);
  return { joined: facts.labels.joined };
}

/**
 * Reads labels, in the order given: the oldest first.
 * @returns how many lines, or objects, could not be read
 */
async function readLabels(given: readonly LabelObject[], take: (label: Label) => void): Promise<number> {
  let unreadable = 0;
  for (const object of given) {
    if (isTooLarge(object)) unreadable += 1;
    else unreadable += await readObject(object, take);
  }
  return unreadable;
}

async function readObject({ key, versionId }: LabelObject, take: (label: Label) => void): Promise<number> {
  const lines = new LabelLines();
  let unreadable = 0;
  try {
    for await (const line of linesOfObject(objects, { bucket: DATA_BUCKET, key, versionId })) {
      const read = line.kind === 'line' ? lines.read(line.text) : undefined;
      if (read?.kind === 'labels') read.labels.forEach(take);
      else unreadable += 1;
    }
  } catch (error) {
    // Deleted for good since the window was planned: there is nothing left to read, however often it is tried.
    if (!(error instanceof ObjectGoneError)) throw error;
    unreadable += 1;
  }
  return unreadable;
}

/** Labels of this window's predictions that came before it. What cannot be read was counted by the window that it came with. */
async function readRecent({ model, windowId, slices, labels }: Window): Promise<LabelBook> {
  const book = new LabelBook();
  if (labels.recent.length === 0) return book;
  // Hashes, as the labels of two days may be many more than the predictions of an hour.
  const own = new Set<number>();
  for await (const line of predictionsOf(model, windowId, slices.length)) own.add(hashOfId(idOfLine(line)));
  await readLabels(labels.recent, (label) => {
    if (own.has(hashOfId(label.inferenceId))) book.add(label);
  });
  return book;
}

async function joinAll(
  { model, windowId, version, slices }: Window,
  earlier: readonly WindowRecord[],
  join: LabelJoin,
  labelled: CompressedLines,
): Promise<void> {
  // First what is settled, whatever version it was about: an id has one prediction.
  for (const record of earlier) {
    for await (const line of lineFiles.read(windowKeys(model, record.windowId).labelled)) {
      join.countedBefore(idOfLine(line), labelValueSchema.parse(JSON.parse(restOfLine(line))));
    }
  }
  for await (const line of predictionsOf(model, windowId, slices.length)) {
    if (!join.isAwaited(idOfLine(line))) continue;
    const row = monitoredRowSchema.parse(JSON.parse(restOfLine(line)));
    await note(labelled, row.inferenceId, join.joinOwn(row, windowId));
  }
  for (const record of earlier.filter((each) => each.version === version)) {
    const { slices: parts } = await files.window(record.window);
    for await (const line of predictionsOf(model, record.windowId, parts.length)) {
      if (!join.isAwaited(idOfLine(line))) continue;
      const row = monitoredRowSchema.parse(JSON.parse(restOfLine(line)));
      await note(labelled, row.inferenceId, join.joinEarlier(row, record.windowId));
    }
  }
}

async function* predictionsOf(model: string, windowId: string, slices: number) {
  const names = windowKeys(model, windowId);
  for (let slice = 1; slice <= slices; slice += 1) yield* lineFiles.read(names.predictions(slice));
}

async function note(
  labelled: CompressedLines,
  inferenceId: string,
  label: LabelValue | undefined,
): Promise<void> {
  if (label !== undefined) await labelled.add(lineOf(inferenceId, label));
}

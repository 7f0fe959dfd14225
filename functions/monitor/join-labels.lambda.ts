import { type Encoding, encodingSchema } from '@tidemark/domain/datasets/encoding.schema.ts';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { told } from '@tidemark/domain/invocations/outcome.ts';
import type { LabelBook } from '@tidemark/domain/labels/label-book.ts';
import { labelValueSchema } from '@tidemark/domain/labels/labels.schema.ts';
import { ReplacedCounter } from '@tidemark/domain/labels/replaced-labels.ts';
import { windowKeys } from '@tidemark/domain/names.ts';
import type { WindowRecord } from '@tidemark/domain/registry/records.schema.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { baselineSchema } from '@tidemark/domain/windows/baseline.schema.ts';
import { HashFiles } from '@tidemark/domain/windows/hash-files.client.ts';
import { commonHashes, hasHash } from '@tidemark/domain/windows/hashes.ts';
import { monitoredRowSchema } from '@tidemark/domain/windows/monitored.schema.ts';
import type { Window } from '@tidemark/domain/windows/window.schema.ts';
import { WindowCounter } from '@tidemark/domain/windows/window-counter.ts';
import * as z from 'zod';
import { idOfLine, lineOf, restOfLine } from './kept-prediction.ts';
import { LabelFileReader } from './label-file-reader.client.ts';
import { type CountedLabel, LabelJoin } from './label-join.ts';
import type { LabelPart } from './label-parts.ts';
import { recentEnough } from './label-plan.ts';
import { CompressedLines, LineFiles } from './line-files.client.ts';
import type { UnknownLabel } from './report.schema.ts';
import { WindowFiles } from './window-files.client.ts';
import { Windows } from './windows.client.ts';
import { type JoinLabels, joinLabelsInputSchema } from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const { ARTIFACTS_BUCKET, DATA_BUCKET } = environment;
const objects = new Objects();
const files = new WindowFiles(objects, ARTIFACTS_BUCKET);
const hashFiles = new HashFiles(objects, ARTIFACTS_BUCKET);
const labelFiles = new LabelFileReader(objects, DATA_BUCKET);
const lineFiles = new LineFiles(objects, ARTIFACTS_BUCKET);
const windows = new Windows(new RegistryTable(environment.TABLE_NAME));

/** Joins the labels that came with the window with predictions, of it and of those before. Safe to repeat. */
export const handler = entry({
  capability: 'monitor',
  name: 'join-labels',
  input: joinLabelsInputSchema,
  subject: ({ run }) => ({ model: run.model, version: run.version, windowId: run.windowId }),
  run: joinLabels,
  told: ({ joined }) => told('done', 'joined', { subject: { items: joined } }),
});

async function joinLabels(input: z.infer<typeof joinLabelsInputSchema>): Promise<JoinLabels> {
  const { run, window: pin } = input;
  const window = await files.window(pin);
  const [{ plan }, encoding] = await Promise.all([
    objects.readText(window.baseline).then((text) => baselineSchema.parse(JSON.parse(text))),
    objects.readText(window.encoding).then((text) => encodingSchema.parse(JSON.parse(text))),
  ]);
  const counter = new WindowCounter(plan, encoding);
  const labelled = new CompressedLines();
  const reading = await labelFiles.readAll(window.labels.objects, encoding.target);
  counter.leaveOutLabel('malformed', reading.unreadable);
  counter.leaveOutLabel('notYet', reading.notYet);
  const unknown = new Map<string, number>();
  const replaced = new ReplacedCounter();
  const own = await ownHashes(window);
  // The latest first, as most labels are of the last days.
  const earlier = reading.readable.length > 0 ? await windows.remembered(run) : [];
  for (const part of reading.parts) {
    const fresh = reading.book ?? (await labelFiles.read(reading.readable, encoding.target, part));
    const recent = await readRecent(window, encoding.target, part, own);
    const join = new LabelJoin({ fresh, recent }, encoding, counter);
    // Labels that came before are of this window's predictions or have been dealt with.
    const open = fresh.counts.labels > 0 ? earlier : [];
    if (fresh.counts.labels + recent.counts.labels > 0) await joinAll(window, open, join, labelled);
    join.finish();
    for (const each of join.replaced()) replaced.add(each);
    for (const { value, count } of join.unknownLabels())
      unknown.set(value, (unknown.get(value) ?? 0) + count);
  }
  const names = windowKeys(window.model, window.windowId);
  await lineFiles.put(names.labelled, labelled);
  const facts = counter.facts();
  await files.putFacts(names.labels, pin, facts, {
    refused: reading.refused,
    replaced: replaced.list().slice(0, shownReplaced),
    unknown: mostFrequent(unknown),
  });
  return { joined: facts.labels.joined };
}

/** Pairs of files that the report names. */
const shownReplaced = 100;

/** What `labelled.jsonl.gz` has of an id. */
const countedLabelSchema = z.object({ label: labelValueSchema, key: z.string() });

/** Values that the report shows. */
const shownUnknown = 20;

function mostFrequent(counts: ReadonlyMap<string, number>): UnknownLabel[] {
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, shownUnknown);
}

/** Hashes of the ids of this window's predictions: a label that came before them is looked for among many others. */
async function ownHashes({ model, windowId, slices, labels }: Window): Promise<Float64Array> {
  if (slices.length === 0 || labels.recent.length === 0) return new Float64Array();
  return hashFiles.readCurrent(windowKeys(model, windowId).ids);
}

/** Labels of this window's predictions that came before it. What cannot be read was counted by the window that it came with. */
function readRecent(
  { labels }: Window,
  target: Encoding['target'],
  part: LabelPart,
  own: Float64Array,
): Promise<LabelBook> {
  const recent = own.length === 0 ? [] : recentEnough(labels.recent);
  return labelFiles.read(recent, target, part, (id) => hasHash(own, id));
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
      join.countedBefore(idOfLine(line), countedLabelSchema.parse(JSON.parse(restOfLine(line))));
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
  const former = earlier.filter((each) => each.version !== version && each.rows > 0);
  join.ofFormerVersions(await hashesIn(former, join.waiting()));
}

/** Which of these hashes are of predictions in these windows. */
async function hashesIn(
  records: readonly WindowRecord[],
  wanted: Float64Array,
): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  if (wanted.length === 0) return found;
  for (const { model, windowId } of records) {
    const { ids } = windowKeys(model, windowId);
    for (const hash of commonHashes(wanted, await hashFiles.readCurrent(ids))) found.add(hash);
  }
  return found;
}

async function* predictionsOf(model: string, windowId: string, slices: number) {
  const names = windowKeys(model, windowId);
  for (let slice = 1; slice <= slices; slice += 1) yield* lineFiles.read(names.predictions(slice));
}

async function note(
  labelled: CompressedLines,
  inferenceId: string,
  counted: CountedLabel | undefined,
): Promise<void> {
  if (counted !== undefined) await labelled.add(lineOf(inferenceId, counted));
}

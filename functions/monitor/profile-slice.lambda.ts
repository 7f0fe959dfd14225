import { captureSourceOf } from '@tidemark/domain/captures/capture-key.ts';
import { type CapturedLine, linesOfObject } from '@tidemark/domain/captures/capture-objects.client.ts';
import { encodingSchema } from '@tidemark/domain/datasets/encoding.schema.ts';
import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import { ObjectGoneError, Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { InvariantError, TransientError } from '@tidemark/domain/errors.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { told } from '@tidemark/domain/invocations/outcome.ts';
import { windowKeys } from '@tidemark/domain/names.ts';
import { baselineSchema } from '@tidemark/domain/windows/baseline.schema.ts';
import type { Window } from '@tidemark/domain/windows/window.schema.ts';
import { WindowCounter } from '@tidemark/domain/windows/window-counter.ts';
import * as z from 'zod';
import { lineOf, reducer } from './kept-prediction.ts';
import { CompressedLines, LineFiles } from './line-files.client.ts';
import { SliceRows } from './slice-rows.ts';
import { WindowFiles } from './window-files.client.ts';
import { type ProfileSlice, profileSliceInputSchema } from './workflow.schema.ts';

const environment = environmentSchema.parse(process.env);
const objects = new Objects();
const files = new WindowFiles(objects, environment.ARTIFACTS_BUCKET);
const lineFiles = new LineFiles(objects, environment.ARTIFACTS_BUCKET);

/** An object could not be read to its end, and not for what is in it. */
export class CaptureReadError extends TransientError {
  override readonly name = 'CaptureReadError';

  constructor(key: string, cause: unknown) {
    super(`${key} could not be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Counts the predictions of a slice, and keeps them for labels that come later. Safe to repeat: it writes the same again. */
export const handler = entry({
  capability: 'monitor',
  name: 'profile-slice',
  input: profileSliceInputSchema,
  subject: ({ run }) => run,
  run: profileSlice,
  told: ({ rows }) => told('done', 'profiled', { subject: { items: rows } }),
});

async function profileSlice(input: z.infer<typeof profileSliceInputSchema>): Promise<ProfileSlice> {
  const { window: pin, slice, without } = input;
  const window = await files.window(pin);
  const names = windowKeys(window.model, window.windowId);
  const { counter, predictions } = await count(window, slice, without && (await idsIn(without)));
  const facts = counter.facts();
  await lineFiles.put(names.predictions(slice), predictions);
  await files.putFacts(names.slice(slice), pin, facts);
  return { rows: facts.rows };
}

async function count(window: Window, slice: number, without: readonly string[] = []) {
  const { model, version } = window;
  const [{ plan }, encoding] = await Promise.all([
    objects.readText(window.baseline).then((text) => baselineSchema.parse(JSON.parse(text))),
    objects.readText(window.encoding).then((text) => encodingSchema.parse(JSON.parse(text))),
  ]);
  const counter = new WindowCounter(plan, encoding, slice);
  const rows = new SliceRows({ model, encodings: new Map([[version, encoding]]) }, counter, without);
  const predictions = new CompressedLines();
  const reduce = reducer(plan);
  for (const capture of capturesOf(window, slice)) {
    for await (const row of rowsOf(capture, rows))
      await predictions.add(lineOf(row.inferenceId, reduce(row)));
  }
  return { counter, predictions };
}

async function idsIn(pin: ObjectPin): Promise<string[]> {
  return z.array(z.string()).parse(JSON.parse(await objects.readText(pin)));
}

function capturesOf({ bucket, captures, slices }: Window, number: number): ObjectPin[] {
  const slice = slices[number - 1];
  if (!slice) throw new InvariantError(`The window has ${slices.length} slices, and no slice ${number}.`);
  const { first, count } = slice;
  return captures.slice(first, first + count).map(({ key, versionId }) => ({ bucket, key, versionId }));
}

async function* rowsOf(capture: ObjectPin, rows: SliceRows) {
  const source = captureSourceOf(capture.key);
  if (!source) return rows.passOver();
  for await (const line of linesOf(capture)) {
    if (line.kind === 'line') yield* rows.take(line.text, source);
    else rows.passOver();
  }
}

async function* linesOf(capture: ObjectPin): AsyncGenerator<CapturedLine | { readonly kind: 'gone' }> {
  try {
    yield* linesOfObject(objects, capture);
  } catch (error) {
    if (!(error instanceof ObjectGoneError)) throw new CaptureReadError(capture.key, error);
    // Deleted for good since the window was planned: there is nothing left to read, however often it is tried.
    yield { kind: 'gone' };
  }
}

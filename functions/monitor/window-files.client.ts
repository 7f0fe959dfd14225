import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import type { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { InvariantError } from '@tidemark/domain/errors.ts';
import { windowKeys } from '@tidemark/domain/names.ts';
import { type Window, windowSchema } from '@tidemark/domain/windows/window.schema.ts';
import { type WindowFacts, windowFactsSchema } from '@tidemark/domain/windows/window-facts.schema.ts';
import * as z from 'zod';
import type { LeftOutLabels } from './left-out-labels.ts';
import { refusedLabelsSchema, replacedLabelsSchema, unknownLabelSchema } from './report.schema.ts';
import type { PlannedSlices, ProfileSliceInput, WindowRun } from './workflow.schema.ts';

/** A part of a window's facts, and the version of `window.json` that it was made by. */
const partSchema = z.object({
  windowVersionId: z.string(),
  facts: windowFactsSchema,
  /** Files of labels that were not taken. */
  refused: z.array(refusedLabelsSchema).default([]),
  /** Labels that name no class. */
  unknown: z.array(unknownLabelSchema).default([]),
  replaced: z.array(replacedLabelsSchema).default([]),
});

/** What a window keeps in the artifacts bucket. */
export class WindowFiles {
  readonly #objects: Objects;
  readonly #bucket: string;

  constructor(objects: Objects, bucket: string) {
    this.#objects = objects;
    this.#bucket = bucket;
  }

  /** What was pinned. */
  async window(pin: ObjectPin): Promise<Window> {
    return windowSchema.parse(JSON.parse(await this.#objects.readText(pin)));
  }

  /** What this very execution has pinned for its window, if it has; what one that failed had pinned may be in another by now. */
  async planned({
    model,
    windowId,
    executionArn,
  }: WindowRun): Promise<{ pin: ObjectPin; window: Window } | undefined> {
    const key = windowKeys(model, windowId).window;
    const versionId = await this.#objects.currentVersion(this.#bucket, key);
    if (versionId === undefined) return undefined;
    const pin = { bucket: this.#bucket, key, versionId };
    const window = await this.window(pin);
    return window.executionArn === executionArn ? { pin, window } : undefined;
  }

  /** Plans to profile slices: writes what a distributed map is to go through. */
  async planOf(
    { model, windowId, version, executionArn }: WindowRun,
    window: ObjectPin,
    slices: readonly Pick<ProfileSliceInput, 'slice' | 'without'>[],
  ): Promise<PlannedSlices> {
    const run = { model, windowId, version };
    const inputs: ProfileSliceInput[] = slices.map((slice) => ({
      run,
      invokedBy: executionArn,
      window,
      ...slice,
    }));
    const { bucket, key } = await this.#objects.putJson(
      this.#bucket,
      windowKeys(model, windowId).items,
      inputs,
    );
    const [only = null] = inputs.length === 1 ? inputs : [];
    return { outcome: 'planned', window, slices: inputs.length, only, items: { bucket, key } };
  }

  /** Keeps a part of the window's facts. */
  async putFacts(
    key: string,
    window: ObjectPin,
    facts: WindowFacts,
    labels: Partial<LeftOutLabels> = {},
  ): Promise<void> {
    await this.#objects.putJson(this.#bucket, key, { windowVersionId: window.versionId, facts, ...labels });
  }

  /** A part of the window's facts; it must be of the very window, as one that failed before may have left parts too. */
  async facts(key: string, window: ObjectPin): Promise<WindowFacts> {
    return (await this.#part(key, window)).facts;
  }

  /** Labels that the window did not take, and those that name no class. */
  async leftOutLabels({ model, windowId }: WindowRun, window: ObjectPin): Promise<LeftOutLabels> {
    const { refused, unknown, replaced } = await this.#part(windowKeys(model, windowId).labels, window);
    return { refused, unknown, replaced };
  }

  async #part(key: string, window: ObjectPin): Promise<z.infer<typeof partSchema>> {
    const text = await this.#objects.readCurrent(this.#bucket, key);
    const part = text === undefined ? undefined : partSchema.parse(JSON.parse(text));
    if (part?.windowVersionId === window.versionId) return part;
    throw new InvariantError(`${key} is missing or was made by another version of ${window.key}.`);
  }
}

import type { ObjectPin } from '../datasets/manifest.schema.ts';
import type { Objects } from '../datasets/objects.client.ts';
import { windowKeys } from '../names.ts';
import { type Window, windowSchema } from '../windows/window.schema.ts';
import type { WindowRun } from './workflow.schema.ts';

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
}

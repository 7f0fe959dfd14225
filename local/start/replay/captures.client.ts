import type { Objects } from '../../../functions/datasets/objects.client.ts';
import { captureKeys } from '../../../functions/names.ts';

/** Counts what the prediction function has captured of a model, as it is in the artifacts bucket. */
export class Captures {
  readonly #objects: Objects;
  readonly #bucket: string;
  /** Lines by key: a capture is never written again. */
  readonly #lines = new Map<string, number>();

  constructor(objects: Objects, bucket: string) {
    this.#objects = objects;
    this.#bucket = bucket;
  }

  async count(model: string): Promise<number> {
    for await (const object of this.#objects.list(this.#bucket, captureKeys(model).byFunction)) {
      if (this.#lines.has(object.key)) continue;
      const text = await this.#objects.readText(object);
      this.#lines.set(object.key, text.split('\n').length - 1);
    }
    return [...this.#lines.values()].reduce((sum, lines) => sum + lines, 0);
  }
}

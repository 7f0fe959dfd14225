import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { ListedObject, Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { captureKeys } from '@tidemark/domain/names.ts';

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
      this.#lines.set(object.key, await this.#linesOf(object));
    }
    return [...this.#lines.values()].reduce((sum, lines) => sum + lines, 0);
  }

  /** Firehose compresses; what the function wrote itself, as Firehose would not take it, is as it is. */
  async #linesOf(object: ListedObject): Promise<number> {
    const bytes = await buffer(await this.#objects.open(object));
    const text = object.key.endsWith('.gz') ? gunzipSync(bytes) : bytes;
    return text.toString('utf8').split('\n').length - 1;
  }
}

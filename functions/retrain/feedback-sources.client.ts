import { type CaptureLine, captureLineSchema } from '@tidemark/domain/captures/capture-line.schema.ts';
import { linesOfObject } from '@tidemark/domain/captures/capture-objects.client.ts';
import type { Encoding } from '@tidemark/domain/datasets/encoding.schema.ts';
import type { DatedObject, ListedObject, Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { LabelLines } from '@tidemark/domain/labels/label-lines.ts';
import type { Label } from '@tidemark/domain/labels/labels.schema.ts';
import { captureKeys, dataKeys } from '@tidemark/domain/names.ts';
import type { LabelFile } from './label-shares.ts';

/** A label, and where it stands. */
export interface LabelInFile extends Label {
  readonly file: LabelFile;
  /** Number of the file, from 0, the latest first. */
  readonly index: number;
  /** Number among the file's labels, from 1. */
  readonly line: number;
}

/** Predictions with what was sent for them, and labels, as they are stored. */
export class FeedbackSources {
  readonly #objects: Objects;
  readonly #buckets: { readonly data: string; readonly artifacts: string };

  constructor(objects: Objects, buckets: { readonly data: string; readonly artifacts: string }) {
    this.#objects = objects;
    this.#buckets = buckets;
  }

  /**
   * What the prediction function captured for the model in an hour, by the captures' keys, or later; the latest object first. Lines
   * that are damaged or no captures are passed over: the reports of the windows that they came in count them.
   * @param hour `2026/03/01/14`, UTC
   */
  async *predictions(model: string, hour: string): AsyncGenerator<CaptureLine> {
    const prefix = captureKeys(model).byFunction;
    const objects: ListedObject[] = [];
    for await (const object of this.#objects.list(this.#buckets.artifacts, prefix, `${prefix}${hour}`)) {
      objects.push(object);
    }
    for (const object of objects.reverse()) {
      for await (const line of linesOfObject(this.#objects, object)) {
        const capture = line.kind === 'line' ? parseCapture(line.text) : undefined;
        if (capture?.model === model) yield capture;
      }
    }
  }

  /** Labels that came since, the latest file first, line by line: of several labels of one prediction the last counts. */
  async *labels(model: string, since: Date, target: Encoding['target']): AsyncGenerator<LabelInFile> {
    const prefix = dataKeys.labels(model);
    const objects: DatedObject[] = [];
    for await (const object of this.#objects.listDated(this.#buckets.data, prefix)) {
      if (object.modifiedAt >= since) objects.push(object);
    }
    const latestFirst = objects.sort(byTimeAndKey).reverse();
    for (const [index, object] of latestFirst.entries()) {
      const file = new LabelLines(target.spelling);
      let line = 0;
      for await (const text of linesOfObject(this.#objects, object)) {
        const read = text.kind === 'line' ? file.read(text.text) : undefined;
        for (const label of read?.kind === 'labels' ? read.labels : []) {
          line += 1;
          yield { ...label, file: object, index, line };
        }
      }
    }
  }
}

function byTimeAndKey(one: DatedObject, other: DatedObject): number {
  return one.modifiedAt.getTime() - other.modifiedAt.getTime() || (one.key < other.key ? -1 : 1);
}

function parseCapture(text: string): CaptureLine | undefined {
  try {
    return captureLineSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

import { linesOfObject } from '@tidemark/domain/captures/capture-objects.client.ts';
import type { ListedObject, Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { ObjectGoneError } from '@tidemark/domain/datasets/objects.client.ts';
import { captureKeys, windowIdOf, windowKeys } from '@tidemark/domain/names.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import {
  monitorRecordSchema,
  type WindowRecord,
  windowRecordSchema,
} from '@tidemark/domain/registry/records.schema.ts';
import type { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import { HashFiles } from '@tidemark/domain/windows/hash-files.client.ts';
import { hasHash } from '@tidemark/domain/windows/hashes.ts';
import type { LookedUp } from './label-check.ts';

/** As long as a window remembers its predictions for labels that come later. */
const rememberedMilliseconds = 31 * 86_400_000;
const hourMilliseconds = 3_600_000;

/** What is looked at: some seconds of reading, within the memory of a small function. */
const limits = {
  /** Eight bytes an id, so eight million predictions. */
  hashBytes: 64 * 2 ** 20,
  captureBytes: 32 * 2 ** 20,
  captureObjects: 100,
} as const;

/** Ids of captured predictions, as far as they can be looked up cheaply: windows keep hashes, and the latest captures are read. */
export class KnownIds {
  readonly #objects: Objects;
  readonly #table: RegistryTable;
  readonly #bucket: string;
  readonly #hashes: HashFiles;

  constructor(objects: Objects, table: RegistryTable, bucket: string) {
    this.#objects = objects;
    this.#table = table;
    this.#bucket = bucket;
    this.#hashes = new HashFiles(objects, bucket);
  }

  /** Looks the ids up: in the latest captures, which no window may have yet, then in windows, the latest first. */
  async lookUp(model: string, ids: readonly string[]): Promise<LookedUp> {
    const wanted = new Set(ids);
    const count = wanted.size;
    const windows = await this.#windows(model);
    let isComplete = wanted.size === 0 || (await this.#inCaptures(model, wanted, windows[0]));
    if (wanted.size > 0) isComplete = (await this.#inWindows(windows, wanted)) && isComplete;
    return { ids: count, unknown: [...wanted], isComplete };
  }

  /** The latest window and those of the month before it, the latest first. By its own time: no clock has to agree with it. */
  async #windows(model: string): Promise<WindowRecord[]> {
    const monitor = await this.#table.get(keys.monitor(model), monitorRecordSchema);
    const windowId = monitor?.lastWindowId ?? null;
    const latest =
      windowId === null ? undefined : await this.#table.get(keys.window(model, windowId), windowRecordSchema);
    if (!latest) return [];
    const end = Date.parse(latest.end);
    const from = new Date(end - rememberedMilliseconds);
    const windows: WindowRecord[] = [];
    for (const month of new Set([windowIdOf(from).slice(0, 6), windowIdOf(new Date(end)).slice(0, 6)])) {
      const prefix = `${keys.windowPrefix}${month}`;
      for await (const window of this.#table.query(keys.modelPk(model), prefix, windowRecordSchema)) {
        if (Date.parse(window.end) >= from.getTime()) windows.push(window);
      }
    }
    return windows.reverse();
  }

  /** Takes out of `wanted` what windows have. @returns whether all were looked at */
  async #inWindows(windows: readonly WindowRecord[], wanted: Set<string>): Promise<boolean> {
    let bytes = 0;
    for (const { model, windowId } of windows) {
      if (wanted.size === 0) return true;
      if (bytes > limits.hashBytes) return false;
      const hashes = await this.#hashesOf(windowKeys(model, windowId).ids);
      bytes += hashes.byteLength;
      for (const id of wanted) if (hasHash(hashes, id)) wanted.delete(id);
    }
    return true;
  }

  async #hashesOf(key: string): Promise<Float64Array> {
    try {
      return await this.#hashes.readCurrent(key);
    } catch (error) {
      if (error instanceof ObjectGoneError) return new Float64Array();
      throw error;
    }
  }

  /** Takes out of `wanted` what the function has captured since the window. @returns whether all were looked at */
  async #inCaptures(model: string, wanted: Set<string>, since: WindowRecord | undefined): Promise<boolean> {
    const prefix = captureKeys(model).byFunction;
    const found: ListedObject[] = [];
    const after = since && `${prefix}${hourBefore(since.end)}`;
    for await (const object of this.#objects.list(this.#bucket, prefix, after)) found.push(object);
    let bytes = 0;
    for (const [index, object] of found.reverse().entries()) {
      if (wanted.size === 0) return true;
      bytes += object.size;
      if (index >= limits.captureObjects || bytes > limits.captureBytes) return false;
      for await (const line of linesOfObject(this.#objects, object)) {
        if (line.kind === 'line') wanted.delete(idIn(line.text));
      }
    }
    // Direct callers of an endpoint are captured by SageMaker, which is not looked at here.
    return !(await this.#hasOtherCaptures(model));
  }

  /** Whether SageMaker captures for the model, whose captures are not read here. */
  async #hasOtherCaptures(model: string): Promise<boolean> {
    for await (const _ of this.#objects.list(this.#bucket, captureKeys(model).byEndpoint)) return true;
    return false;
  }
}

/** A window is looked at minutes after its end, and captures are there minutes later: two hours more cost little. */
function hourBefore(end: string): string {
  const from = new Date(Date.parse(end) - 2 * hourMilliseconds);
  return from.toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
}

/** The inference id of a line of captures, without reading the record that it is about; empty: none. */
function idIn(line: string): string {
  try {
    const { inferenceId } = Object(JSON.parse(line));
    return typeof inferenceId === 'string' ? inferenceId : '';
  } catch (error) {
    if (error instanceof SyntaxError) return '';
    throw error;
  }
}

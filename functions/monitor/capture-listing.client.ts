import type { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { captureKeys } from '@tidemark/domain/names.ts';
import type { CaptureObject } from '@tidemark/domain/windows/window.schema.ts';

/** Lists captures of a model from an hour on, by the function and by SageMaker. */
export class CaptureListing {
  readonly #objects: Objects;
  readonly #bucket: string;

  constructor(objects: Objects, bucket: string) {
    this.#objects = objects;
    this.#bucket = bucket;
  }

  /** @param from `2026/03/01/14`: keys below a folder begin with the hour, so that they are listed from there without what is older */
  async from(model: string, from: string): Promise<CaptureObject[]> {
    const listed: CaptureObject[] = [];
    for (const folder of await this.#folders(model)) {
      for await (const { key, versionId, size } of this.#objects.list(
        this.#bucket,
        folder,
        `${folder}${from}`,
      )) {
        listed.push({ key, versionId, size });
      }
    }
    return listed;
  }

  /** The folders below which come year, month, day and hour. */
  async #folders(model: string): Promise<string[]> {
    const { byFunction, byEndpoint } = captureKeys(model);
    let folders: string[] = [byEndpoint];
    // `<version>/<endpoint>/<variant>/`
    for (let level = 0; level < 3; level += 1) {
      const below = await Promise.all(folders.map((folder) => this.#foldersIn(folder)));
      folders = below.flat();
    }
    return [byFunction, ...folders];
  }

  async #foldersIn(prefix: string): Promise<string[]> {
    const folders: string[] = [];
    for await (const folder of this.#objects.folders(this.#bucket, prefix)) folders.push(folder);
    return folders;
  }
}

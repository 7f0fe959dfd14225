import { createHash } from 'node:crypto';
import type { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { dataKeys } from '@tidemark/domain/names.ts';
import { type FileResult, fileColumnsSchema, fileResultSchema } from './file-result.schema.ts';
import { type OpenedFile, openedFileSchema } from './opened-file.schema.ts';
import type { FileColumn } from './schema-rules.ts';

/** What validation found in each file of a batch, kept in the data bucket: a batch may have more files than a payload holds. */
export class FileResults {
  readonly #objects: Objects;
  readonly #bucket: string;

  constructor(objects: Objects, bucket: string) {
    this.#objects = objects;
    this.#bucket = bucket;
  }

  /** The result for the file of that key, or `undefined` if it was not validated yet. */
  async find(model: string, batchId: string, objectKey: string): Promise<FileResult | undefined> {
    const text = await this.#objects.readCurrent(this.#bucket, resultKey(model, batchId, objectKey));
    return text === undefined ? undefined : fileResultSchema.parse(JSON.parse(text));
  }

  /** The columns of a file that was found acceptable, `null` of another, or `undefined` if it was not validated yet. */
  async columns(
    model: string,
    batchId: string,
    objectKey: string,
  ): Promise<readonly FileColumn[] | null | undefined> {
    const text = await this.#objects.readCurrent(this.#bucket, resultKey(model, batchId, objectKey));
    if (text === undefined) return undefined;
    const { finding } = fileColumnsSchema.parse(JSON.parse(text));
    return finding.kind === 'acceptable' ? finding.columns : null;
  }

  /** The file that was opened last, or `undefined` if none was. */
  async opened(model: string, batchId: string): Promise<OpenedFile | undefined> {
    const text = await this.#objects.readCurrent(this.#bucket, dataKeys.openedFile(model, batchId));
    return text === undefined ? undefined : openedFileSchema.parse(JSON.parse(text));
  }

  async putOpened(model: string, batchId: string, opened: Omit<OpenedFile, 'schemaVersion'>): Promise<void> {
    await this.#objects.putJson(this.#bucket, dataKeys.openedFile(model, batchId), {
      schemaVersion: 1,
      ...opened,
    });
  }

  async put(model: string, batchId: string, result: FileResult): Promise<void> {
    await this.#objects.putJson(this.#bucket, resultKey(model, batchId, result.object.key), result);
  }
}

function resultKey(model: string, batchId: string, objectKey: string): string {
  const keyHash = createHash('sha256').update(objectKey).digest('hex').slice(0, 32);
  return dataKeys.fileResult(model, batchId, keyHash);
}

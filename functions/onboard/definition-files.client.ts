import { Readable } from 'node:stream';
import { GetObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import { InvariantError } from '@tidemark/domain/errors.ts';

/** Definition files in the data bucket, by exact version. */
export class DefinitionFiles {
  readonly #client: S3Client;

  constructor(client = new S3Client({})) {
    this.#client = client;
  }

  /**
   * The version's content, cut off soon after `enoughBytes`: a file beyond them is refused for its size, whatever follows.
   * `undefined` when the version was deleted for good.
   */
  async read({ bucket, key, versionId }: ObjectPin, enoughBytes: number): Promise<Uint8Array | undefined> {
    const body = await this.#open({ bucket, key, versionId });
    if (body === undefined) return undefined;
    const chunks: Buffer[] = [];
    let read = 0;
    // Leaving the loop destroys the stream, and with it the connection: the rest is never fetched.
    for await (const chunk of body) {
      chunks.push(Buffer.from(chunk));
      read += chunk.length;
      if (read > enoughBytes) break;
    }
    return Buffer.concat(chunks);
  }

  async #open({ bucket, key, versionId }: ObjectPin): Promise<Readable | undefined> {
    try {
      const { Body } = await this.#client.send(
        new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }),
      );
      if (Body instanceof Readable) return Body;
    } catch (error) {
      if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return undefined;
      throw error;
    }
    throw new InvariantError(`S3 gave no readable body for version ${versionId} of ${key}.`);
  }
}

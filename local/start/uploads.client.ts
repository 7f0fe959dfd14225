import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { HeadObjectCommand, NotFound, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

/** User metadata in which an upload keeps the SHA-256 of the file, so that the next start knows it again. */
const hashMetadata = 'sha256';

/** Puts files into the data bucket, large ones in parts. */
export class Uploads {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /**
   * Uploads a file, unless it is there with this very content.
   * @returns whether there was anything to do.
   */
  async put(key: string, file: string): Promise<'uploaded' | 'unchanged'> {
    const hash = await sha256(file);
    if ((await this.#hashOf(key)) === hash) return 'unchanged';
    const { size } = await stat(file);
    await new Upload({
      client: this.#client,
      params: {
        Bucket: this.#bucket,
        Key: key,
        Body: createReadStream(file),
        ContentLength: size,
        Metadata: { [hashMetadata]: hash },
      },
    }).done();
    return 'uploaded';
  }

  async #hashOf(key: string): Promise<string | undefined> {
    try {
      const head = await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }));
      return head.Metadata?.[hashMetadata];
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

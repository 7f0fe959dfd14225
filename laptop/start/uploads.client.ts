import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { HeadObjectCommand, NotFound, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

/** User metadata in which an upload keeps the SHA-256 of the file, so that the next start knows it again, and when it was dropped. */
const hashMetadata = 'sha256';
const timeMetadata = 'dropped-at';

/** A file in the data bucket. */
export interface Dropped {
  /** Whether it was not there before with this very content. */
  readonly isNew: boolean;
  readonly versionId: string;
  /** When it was dropped, by this start or an earlier one, in milliseconds since 1970. */
  readonly at: number;
}

/** Puts files into the data bucket, large ones in parts. */
export class Uploads {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** Uploads a file, unless it is there with this very content. @param again uploads it in any case. */
  async put(key: string, file: string, { again = false } = {}): Promise<Dropped> {
    const hash = await sha256(file);
    const there = await this.#find(key);
    if (there?.hash === hash && !again) return { isNew: false, versionId: there.versionId, at: there.at };
    const { size } = await stat(file);
    const at = Date.now();
    const { VersionId: versionId = '' } = await new Upload({
      client: this.#client,
      params: {
        Bucket: this.#bucket,
        Key: key,
        Body: createReadStream(file),
        ContentLength: size,
        Metadata: { [hashMetadata]: hash, [timeMetadata]: String(at) },
      },
    }).done();
    return { isNew: true, versionId, at };
  }

  async #find(key: string) {
    try {
      const head = await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }));
      return {
        hash: head.Metadata?.[hashMetadata],
        versionId: head.VersionId ?? '',
        at: Number(head.Metadata?.[timeMetadata] ?? head.LastModified?.getTime() ?? 0),
      };
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

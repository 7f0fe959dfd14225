import type { S3Client } from '@aws-sdk/client-s3';
import type { Roles } from '../../gateway/roles.ts';

interface BucketWriterOptions {
  readonly roles: Roles;
  readonly region: string;
  /** The gateway's URL, once it listens. */
  readonly endpoint: () => string;
}

/** Writes objects over the wire, each as the role of its stream. */
export class BucketWriter {
  readonly #options: BucketWriterOptions;
  readonly #clients = new Map<string, Promise<S3Client>>();

  constructor(options: BucketWriterOptions) {
    this.#options = options;
  }

  /** @throws AccessDeniedError when Firehose may not act as the role; what the SDK throws */
  async put(streamArn: string, roleArn: string, bucket: string, key: string, body: Buffer): Promise<void> {
    this.#options.roles.assume(roleArn, 'firehose.amazonaws.com', streamArn);
    const { PutObjectCommand } = await import('@aws-sdk/client-s3');
    const client = await this.#client(roleArn);
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  }

  async close(): Promise<void> {
    for (const client of await Promise.all(this.#clients.values())) client.destroy();
  }

  #client(roleArn: string): Promise<S3Client> {
    const { roles, region, endpoint } = this.#options;
    const existing = this.#clients.get(roleArn);
    if (existing) return existing;
    const made = import('@aws-sdk/client-s3').then(
      ({ S3Client: Client }) =>
        new Client({
          region,
          endpoint: endpoint(),
          credentials: roles.credentialsFor(roleArn),
          forcePathStyle: true,
          maxAttempts: 1,
        }),
    );
    this.#clients.set(roleArn, made);
    return made;
  }
}

import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { RoleCredentials } from '../gateway/roles.ts';
import type { S3Location } from './s3-uri.ts';

/** S3 or ECR refused a job's role, or there is nothing where the job looked. The message says which call and why. */
export class ObjectAccessError extends Error {
  override readonly name = 'ObjectAccessError';
}

interface ObjectsOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: RoleCredentials;
}

/** S3 as one job or model sees it: every call is signed by its role. */
export class ContainerObjects {
  readonly #client: S3Client;

  constructor({ endpoint, region, credentials }: ObjectsOptions) {
    this.#client = new S3Client({
      endpoint,
      region,
      credentials,
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
  }

  /** Keys that begin with the location's, without folder markers, in the order of S3. */
  async list({ bucket, key }: S3Location): Promise<string[]> {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: key, ContinuationToken: token });
      const page = await this.#call(`list s3://${bucket}/${key}`, () => this.#client.send(command));
      keys.push(...(page.Contents ?? []).flatMap((object) => object.Key ?? []));
      token = page.NextContinuationToken;
    } while (token);
    return keys.filter((found) => !found.endsWith('/'));
  }

  async exists({ bucket, key }: S3Location): Promise<boolean> {
    const command = new HeadObjectCommand({ Bucket: bucket, Key: key });
    try {
      await this.#client.send(command);
      return true;
    } catch (error) {
      if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return false;
      throw accessError(`read s3://${bucket}/${key}`, error);
    }
  }

  async open({ bucket, key }: S3Location): Promise<Readable> {
    const command = new GetObjectCommand({ Bucket: bucket, Key: key });
    const { Body: body } = await this.#call(`read s3://${bucket}/${key}`, () => this.#client.send(command));
    if (!(body instanceof Readable)) throw new Error(`s3://${bucket}/${key} has no readable body`);
    return body;
  }

  /** Writes an object to a file below a directory; a key that would leave the directory is refused. */
  async download(
    from: S3Location,
    directory: string,
    path: string,
    through: Transform[] = [],
  ): Promise<void> {
    const target = resolve(directory, path);
    if (!target.startsWith(resolve(directory) + sep)) {
      throw new ObjectAccessError(`The key ${from.key} of bucket ${from.bucket} cannot be a file name here.`);
    }
    await mkdir(dirname(target), { recursive: true });
    await pipeline([await this.open(from), ...through, createWriteStream(target)]);
  }

  async upload(file: string, { bucket, key }: S3Location): Promise<void> {
    const { size } = await stat(file);
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: createReadStream(file),
      ContentLength: size,
    });
    await this.#call(`write s3://${bucket}/${key}`, () => this.#client.send(command));
  }

  async write(text: string, { bucket, key }: S3Location): Promise<void> {
    const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: text });
    await this.#call(`write s3://${bucket}/${key}`, () => this.#client.send(command));
  }

  close(): void {
    this.#client.destroy();
  }

  async #call<T>(what: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw accessError(what, error);
    }
  }
}

function accessError(what: string, error: unknown): unknown {
  if (!(error instanceof S3ServiceException)) return error;
  return new ObjectAccessError(`The role cannot ${what}: ${error.name}: ${error.message}`);
}

import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  CopyObjectCommand,
  type CopyObjectCommandInput,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { ConflictError, InvariantError, NotFoundError, TransientError } from '../errors.ts';
import type { ObjectPin } from './manifest.schema.ts';
import { copyInParts, uploadInParts } from './multipart-upload.client.ts';

/** The version was deleted for good (a delete marker alone does not do that), or the key has no current one. */
export class ObjectGoneError extends NotFoundError {
  override readonly name = 'ObjectGoneError';
}

/** S3 was writing the same key for somebody else. */
export class ObjectContendedError extends TransientError {
  override readonly name = 'ObjectContendedError';
}

/** A key that is written once has been written again, with other bytes. */
export class ObjectOverwrittenError extends ConflictError {
  override readonly name = 'ObjectOverwrittenError';
}

/** An object as a listing shows it. */
export interface ListedObject extends ObjectPin {
  readonly size: number;
}

/** A listed object, and when S3 took it; of one that came in parts, when its first part was announced. */
export interface DatedObject extends ListedObject {
  readonly modifiedAt: Date;
}

interface Versioned {
  readonly etag: string | undefined;
  readonly current: boolean;
}

/** How files are sent, and objects copied. */
export interface UploadLimits {
  /** Larger ones go in parts. */
  readonly largestPutBytes: number;
  readonly partBytes: number;
}

/** S3 takes 5 GiB in one request, copies as many, and takes as many in a part. What is sent in parts of 1 GiB can be 10 TiB, a thousand times the scratch disk. */
const uploadLimits: UploadLimits = { largestPutBytes: 5 * 1024 ** 3, partBytes: 1024 ** 3 };

/** Objects in versioned buckets, read and written by exact version. */
export class Objects {
  readonly #client: S3Client;
  readonly #limits: UploadLimits;

  constructor(client = new S3Client({}), limits = uploadLimits) {
    this.#client = client;
    this.#limits = limits;
  }

  /** Streams the version to a file. @throws ObjectGoneError */
  async download(object: ObjectPin, path: string): Promise<void> {
    await pipeline(await this.#stream(object), createWriteStream(path));
  }

  /** The version's bytes as they come. @throws ObjectGoneError */
  open(object: ObjectPin): Promise<Readable> {
    return this.#stream(object);
  }

  /** The current version's bytes as they come. @throws ObjectGoneError when there is none */
  openCurrent(bucket: string, key: string): Promise<Readable> {
    return this.#stream({ bucket, key });
  }

  /** The version as text; for our own JSON, which is small. @throws ObjectGoneError */
  async readText(object: ObjectPin): Promise<string> {
    return textOf(await this.#stream(object));
  }

  /** The current version as text, or `undefined` if there is none. */
  async readCurrent(bucket: string, key: string): Promise<string | undefined> {
    try {
      return textOf(await this.#stream({ bucket, key }));
    } catch (error) {
      if (error instanceof ObjectGoneError) return undefined;
      throw error;
    }
  }

  /** Writes the value as JSON; another version of the key if there is one. */
  putJson(bucket: string, key: string, value: unknown): Promise<ObjectPin> {
    return this.putText(bucket, key, `${JSON.stringify(value)}\n`, 'application/json');
  }

  putText(bucket: string, key: string, text: string, contentType: string): Promise<ObjectPin> {
    return this.putBytes(bucket, key, Buffer.from(text), contentType);
  }

  /** Writes what fits into memory; another version of the key if there is one. */
  async putBytes(bucket: string, key: string, bytes: Uint8Array, contentType: string): Promise<ObjectPin> {
    const { VersionId } = await this.#client.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentType: contentType }),
    );
    return pinned(bucket, key, VersionId);
  }

  /** As `putText`, unless the key is taken; either way, the pin of what is there. */
  async putTextIfAbsent(bucket: string, key: string, text: string, contentType: string): Promise<ObjectPin> {
    const bytes = Buffer.from(text);
    try {
      const { VersionId } = await this.#client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: bytes,
          // Without it the SDK takes no bytes for a stream.
          ContentLength: bytes.length,
          ContentType: contentType,
          IfNoneMatch: '*',
        }),
      );
      return pinned(bucket, key, VersionId);
    } catch (error) {
      if (!isStatus(error, 412)) throw contended(error, key);
      return pinned(bucket, key, await this.currentVersion(bucket, key));
    }
  }

  /** Streams the file to the key unless the key is taken. Of two that do so at once, each makes a version. */
  async putFile(bucket: string, key: string, path: string, contentType: string): Promise<ObjectPin> {
    // Asking first saves sending gigabytes for nothing.
    const known = await this.currentVersion(bucket, key);
    if (known !== undefined) return pinned(bucket, key, known);
    return await this.#upload(bucket, key, path, { ContentType: contentType });
  }

  /** Streams the file to the key; another version of it if there is one. */
  putFileVersion(bucket: string, key: string, path: string, contentType: string): Promise<ObjectPin> {
    return this.#upload(bucket, key, path, { ContentType: contentType });
  }

  /** Streams the file to the key unless the key is taken; either way, the pin of what is there. */
  async putFileIfAbsent(bucket: string, key: string, path: string): Promise<ObjectPin> {
    // Asking first saves sending gigabytes for nothing; the condition settles it.
    const known = await this.currentVersion(bucket, key);
    if (known !== undefined) return pinned(bucket, key, known);
    try {
      const ContentType = 'application/vnd.apache.parquet';
      return await this.#upload(bucket, key, path, { ContentType, IfNoneMatch: '*' });
    } catch (error) {
      if (!isStatus(error, 412)) throw contended(error, key);
      return pinned(bucket, key, await this.currentVersion(bucket, key));
    }
  }

  /** Copies the version, with its metadata and without its tags, whose reading would need a permission of its own. */
  async copy(from: ObjectPin, bucket: string, key: string): Promise<ObjectPin> {
    return await this.#copy(from, bucket, key, {});
  }

  /** As `copy`, unless the key is taken; either way, the pin of what is there. */
  async copyIfAbsent(from: ObjectPin, bucket: string, key: string): Promise<ObjectPin> {
    try {
      return await this.#copy(from, bucket, key, { IfNoneMatch: '*' });
    } catch (error) {
      if (!isStatus(error, 412)) throw error;
      return pinned(bucket, key, await this.currentVersion(bucket, key));
    }
  }

  /** Id of the current version, or `undefined` if there is none or it is a delete marker. */
  async currentVersion(bucket: string, key: string): Promise<string | undefined> {
    return (await this.#head(bucket, key))?.VersionId;
  }

  /**
   * The one version that the key has ever had, or `undefined` if it has none. For what a job writes: if another overwrote it, it
   * would be unknown which of the two was the job's. One that S3 was sent twice, as clients do whose connection broke, is the same.
   * @throws ObjectOverwrittenError
   */
  async soleVersion(bucket: string, key: string): Promise<ObjectPin | undefined> {
    let newest: (DatedObject & Versioned) | undefined;
    for await (const version of this.#versions(bucket, key)) {
      // Keys are listed in order, so the key itself comes before all that begin with it.
      if (version.key !== key) break;
      newest ??= version;
      if (version.etag === newest.etag && version.size === newest.size) continue;
      throw new ObjectOverwrittenError(
        `${key} was overwritten, and cannot be relied on. CloudTrail shows by whom; see docs/threat-model.md.`,
      );
    }
    return newest?.current ? { bucket, key, versionId: newest.versionId } : undefined;
  }

  /** Puts a delete marker on the key if the version is still the current one. Every version stays. */
  async hide({ bucket, key, versionId }: ObjectPin): Promise<void> {
    const current = await this.#head(bucket, key);
    if (current?.VersionId !== versionId) return;
    try {
      // The tag holds it to what was seen: an object that is overwritten between the two requests is not hidden.
      await this.#client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, IfMatch: current.ETag }));
    } catch (error) {
      if (!isStatus(error, 412) && !isStatus(error, 404)) throw contended(error, key);
    }
  }

  /**
   * The current version of every key under the prefix, by key. What was written before the call is listed.
   * @param after only keys that come after this one, which need not exist
   */
  async *list(bucket: string, prefix: string, after?: string): AsyncGenerator<ListedObject> {
    for await (const { key, versionId, size, current } of this.#versions(bucket, prefix, after)) {
      if (current) yield { bucket, key, versionId, size };
    }
  }

  /** As `list`, each object with its time. */
  async *listDated(bucket: string, prefix: string): AsyncGenerator<DatedObject> {
    for await (const { key, versionId, size, modifiedAt, current } of this.#versions(bucket, prefix)) {
      if (current) yield { bucket, key, versionId, size, modifiedAt };
    }
  }

  /** What comes next after the prefix, up to a slash and with it: `captures/a/` of `captures/` for `captures/a/b/c`. */
  async *folders(bucket: string, prefix: string): AsyncGenerator<string> {
    let token: { ContinuationToken?: string } | undefined = {};
    while (token) {
      const page: ListObjectsV2CommandOutput = await this.#client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, Delimiter: '/', ...token }),
      );
      for (const { Prefix } of page.CommonPrefixes ?? []) if (Prefix !== undefined) yield Prefix;
      token =
        page.NextContinuationToken === undefined
          ? undefined
          : { ContinuationToken: page.NextContinuationToken };
    }
  }

  /** Ids of a key's versions, newest first, delete markers left out. */
  async versionsNewestFirst(bucket: string, key: string): Promise<string[]> {
    const ids: string[] = [];
    for await (const version of this.#versions(bucket, key)) {
      // Keys are listed in order, so the key itself comes before all that begin with it.
      if (version.key !== key) break;
      ids.push(version.versionId);
    }
    return ids;
  }

  async #copy(
    from: ObjectPin,
    bucket: string,
    key: string,
    settings: Pick<CopyObjectCommandInput, 'IfNoneMatch'>,
  ): Promise<ObjectPin> {
    try {
      const source = await this.#client.send(
        new HeadObjectCommand({ Bucket: from.bucket, Key: from.key, VersionId: from.versionId }),
      );
      const size = source.ContentLength ?? 0;
      if (size > this.#limits.largestPutBytes) {
        const { ContentType, Metadata } = source;
        const kept = { ...(ContentType && { ContentType }), ...(Metadata && { Metadata }) };
        const copy = { bucket, key, size, source: copySource(from), settings: { ...settings, ...kept } };
        return pinned(bucket, key, await copyInParts(this.#client, copy, this.#limits.partBytes));
      }
      const { VersionId } = await this.#client.send(
        new CopyObjectCommand({
          Bucket: bucket,
          Key: key,
          CopySource: copySource(from),
          TaggingDirective: 'REPLACE',
          ...settings,
        }),
      );
      return pinned(bucket, key, VersionId);
    } catch (error) {
      throw isStatus(error, 404) ? gone(from, error) : contended(error, key);
    }
  }

  async #upload(
    bucket: string,
    key: string,
    path: string,
    settings: Pick<PutObjectCommandInput, 'ContentType' | 'IfNoneMatch'>,
  ): Promise<ObjectPin> {
    const { size } = await stat(path);
    if (size > this.#limits.largestPutBytes) {
      const upload = { bucket, key, path, size, settings };
      return pinned(bucket, key, await uploadInParts(this.#client, upload, this.#limits.partBytes));
    }
    const body = createReadStream(path);
    try {
      const { VersionId } = await this.#client.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentLength: size, ...settings }),
      );
      return pinned(bucket, key, VersionId);
    } finally {
      body.destroy();
    }
  }

  async #head(bucket: string, key: string): Promise<HeadObjectCommandOutput | undefined> {
    try {
      return await this.#client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
  }

  /** Versions by key, then newest first, as S3 lists them: an object's versions in the order they were stored. */
  async *#versions(bucket: string, prefix: string, after?: string): AsyncGenerator<DatedObject & Versioned> {
    let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined =
      after === undefined ? {} : { KeyMarker: after };
    while (marker) {
      const page: ListObjectVersionsCommandOutput = await this.#client.send(
        new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...marker }),
      );
      for (const {
        Key: key,
        VersionId: versionId,
        Size,
        ETag: etag,
        LastModified: modifiedAt,
        IsLatest,
      } of page.Versions ?? []) {
        if (key === undefined || versionId === undefined || modifiedAt === undefined) continue;
        yield { bucket, key, versionId, size: Size ?? 0, modifiedAt, etag, current: IsLatest ?? false };
      }
      marker = page.IsTruncated
        ? {
            ...(page.NextKeyMarker !== undefined && { KeyMarker: page.NextKeyMarker }),
            ...(page.NextVersionIdMarker !== undefined && { VersionIdMarker: page.NextVersionIdMarker }),
          }
        : undefined;
    }
  }

  async #stream(object: Omit<ObjectPin, 'versionId'> & { versionId?: string }): Promise<Readable> {
    const { bucket, key, versionId } = object;
    try {
      const { Body } = await this.#client.send(
        new GetObjectCommand({
          Bucket: bucket,
          Key: key,
          ...(versionId !== undefined && { VersionId: versionId }),
        }),
      );
      if (Body instanceof Readable) return Body;
    } catch (error) {
      if (isStatus(error, 404)) throw gone(object, error);
      throw error;
    }
    throw new InvariantError(`S3 gave no readable body for ${key}.`);
  }
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function pinned(bucket: string, key: string, versionId: string | undefined): ObjectPin {
  if (versionId === undefined) {
    throw new InvariantError(
      `The bucket ${bucket} gave no version id for ${key}. Turn on versioning for it: datasets are pinned by version.`,
    );
  }
  return { bucket, key, versionId };
}

function gone({ key, versionId }: { key: string; versionId?: string }, cause: unknown): ObjectGoneError {
  const what = versionId === undefined ? key : `Version ${versionId} of ${key}`;
  return new ObjectGoneError(`${what} is not there, or was deleted for good.`, { cause });
}

function contended(error: unknown, key: string): unknown {
  if (!isStatus(error, 409)) return error;
  return new ObjectContendedError(`${key} is being written by another request. Try again in a moment.`, {
    cause: error,
  });
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === status;
}

function copySource({ bucket, key, versionId }: ObjectPin): string {
  return `${bucket}/${encodeKey(key)}?versionId=${encodeURIComponent(versionId)}`;
}

/** A copy source is URL-encoded, slashes excepted. */
function encodeKey(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/');
}

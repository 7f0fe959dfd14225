import { createReadStream } from 'node:fs';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type PutObjectCommandInput,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { InvariantError } from '../errors.ts';

/** A file on scratch disk, and where it goes. */
export interface FileUpload {
  readonly bucket: string;
  readonly key: string;
  readonly path: string;
  readonly size: number;
  readonly settings: Pick<PutObjectCommandInput, 'ContentType' | 'IfNoneMatch'>;
}

/**
 * Streams a file to S3 in parts, one after the other, as S3 takes no more than 5 GiB in one. What fails is aborted; of a process that dies
 * meanwhile, the buckets' lifecycle removes the parts. A condition holds when the parts become the object.
 * @param partBytes 5 MiB to 5 GiB, and at least a ten-thousandth of the file
 * @returns the version's id
 */
export async function uploadInParts(
  client: S3Client,
  { bucket, key, path, size, settings: { ContentType, IfNoneMatch } }: FileUpload,
  partBytes: number,
): Promise<string | undefined> {
  const object = { Bucket: bucket, Key: key };
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ ...object, ...(ContentType !== undefined && { ContentType }) }),
  );
  if (UploadId === undefined) throw new InvariantError(`S3 gave the upload of ${key} no id.`);
  const upload = { ...object, UploadId };
  try {
    const Parts: CompletedPart[] = [];
    for (let from = 0; from < size; from += partBytes) {
      const bytes = Math.min(partBytes, size - from);
      Parts.push(await uploadPart(client, upload, Parts.length + 1, { path, from, bytes }));
    }
    const { VersionId } = await client.send(
      new CompleteMultipartUploadCommand({
        ...upload,
        MultipartUpload: { Parts },
        ...(IfNoneMatch !== undefined && { IfNoneMatch }),
      }),
    );
    return VersionId;
  } catch (error) {
    // What failed matters, not whether it could be cleared away: the lifecycle does that too.
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}

async function uploadPart(
  client: S3Client,
  upload: { Bucket: string; Key: string; UploadId: string },
  PartNumber: number,
  { path, from, bytes }: { path: string; from: number; bytes: number },
): Promise<CompletedPart> {
  const body = createReadStream(path, { start: from, end: from + bytes - 1 });
  try {
    const { ETag } = await client.send(
      new UploadPartCommand({ ...upload, PartNumber, Body: body, ContentLength: bytes }),
    );
    return { PartNumber, ...(ETag !== undefined && { ETag }) };
  } finally {
    body.destroy();
  }
}

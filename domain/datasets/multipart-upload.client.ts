import { createReadStream } from 'node:fs';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type PutObjectCommandInput,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { InvariantError } from '../errors.ts';

/** Where something goes, and how large it is. */
interface Destination {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  readonly settings: Pick<PutObjectCommandInput, 'ContentType' | 'IfNoneMatch' | 'Metadata'>;
}

/** A file on scratch disk, and where it goes. */
export interface FileUpload extends Destination {
  readonly path: string;
}

/**
 * Streams a file to S3 in parts, one after the other, as S3 takes no more than 5 GiB in one. What fails is aborted; of a process that dies
 * meanwhile, the buckets' lifecycle removes the parts. A condition holds when the parts become the object.
 * @param partBytes 5 MiB to 5 GiB, and at least a ten-thousandth of the file
 * @returns the version's id
 */
export function uploadInParts(
  client: S3Client,
  { path, ...destination }: FileUpload,
  partBytes: number,
): Promise<string | undefined> {
  return inParts(client, destination, partBytes, async (upload, PartNumber, { from, bytes }) => {
    const body = createReadStream(path, { start: from, end: from + bytes - 1 });
    try {
      const { ETag } = await client.send(
        new UploadPartCommand({ ...upload, PartNumber, Body: body, ContentLength: bytes }),
      );
      return ETag;
    } finally {
      body.destroy();
    }
  });
}

/** An object of S3, and where it is copied. */
export interface Copy extends Destination {
  /** As `CopySource`, with the version. */
  readonly source: string;
}

/** As `uploadInParts`, of an object that S3 copies from itself. */
export function copyInParts(
  client: S3Client,
  { source: CopySource, ...destination }: Copy,
  partBytes: number,
): Promise<string | undefined> {
  return inParts(client, destination, partBytes, async (upload, PartNumber, { from, bytes }) => {
    const CopySourceRange = `bytes=${from}-${from + bytes - 1}`;
    const { CopyPartResult } = await client.send(
      new UploadPartCopyCommand({ ...upload, PartNumber, CopySource, CopySourceRange }),
    );
    return CopyPartResult?.ETag;
  });
}

interface Upload {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
}

/** @param send a part, from a byte on so many; gives its tag */
async function inParts(
  client: S3Client,
  { bucket, key, size, settings: { IfNoneMatch, ...settings } }: Destination,
  partBytes: number,
  send: (
    upload: Upload,
    partNumber: number,
    range: { readonly from: number; readonly bytes: number },
  ) => Promise<string | undefined>,
): Promise<string | undefined> {
  const object = { Bucket: bucket, Key: key };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...object, ...settings }));
  if (UploadId === undefined) throw new InvariantError(`S3 gave the upload of ${key} no id.`);
  const upload = { ...object, UploadId };
  try {
    const Parts: CompletedPart[] = [];
    for (let from = 0; from < size; from += partBytes) {
      const ETag = await send(upload, Parts.length + 1, { from, bytes: Math.min(partBytes, size - from) });
      Parts.push({ PartNumber: Parts.length + 1, ...(ETag !== undefined && { ETag }) });
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

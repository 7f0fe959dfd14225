import { createHash } from 'node:crypto';
import { type Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { unsupported } from '../../aws-error.ts';
import { AwsChunkedDecoder } from './aws-chunked.ts';
import { checksumHeader, runningChecksum } from './checksums.ts';
import { type Checksum, type ChecksumAlgorithm, checksumAlgorithms } from './object-version.schema.ts';
import { s3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';

/** What arrived, verified against everything the client announced. */
export interface ReceivedPayload {
  readonly size: number;
  /** Hexadecimal. */
  readonly md5: string;
  /** Of the algorithm that the client used, if it used one. */
  readonly checksum: Checksum | undefined;
}

/**
 * Streams a request's content into `sink`: decodes `aws-chunked`, counts, hashes, and compares with the announced
 * length, `Content-MD5`, `x-amz-content-sha256` and `x-amz-checksum-…` (header or trailer).
 * @throws AwsError `InvalidDigest`, `InvalidRequest`, `IncompleteBody`, `BadDigest`, `XAmzContentSHA256Mismatch`
 */
export async function receivePayload(request: S3Request, sink: Writable): Promise<ReceivedPayload> {
  assertReadableDigests(request);
  const algorithm = announcedAlgorithm(request);
  const decoder = isAwsChunked(request) ? new AwsChunkedDecoder() : undefined;
  const meter = new Meter(algorithm, plainSha256(request) !== undefined);
  await (decoder ? pipeline(request.body, decoder, meter, sink) : pipeline(request.body, meter, sink));

  const value = await meter.checksum();
  verifyLength(request, meter.size);
  verifyDigest(request, meter);
  if (algorithm === undefined || value === undefined)
    return { size: meter.size, md5: meter.md5(), checksum: undefined };
  const header = checksumHeader(algorithm);
  verifyChecksum(algorithm, value, request.header(header) ?? decoder?.trailers.get(header));
  return { size: meter.size, md5: meter.md5(), checksum: { algorithm, type: 'FULL_OBJECT', value } };
}

/** A document sent as content, such as the list of parts. At most 1 MiB, far above the largest S3 takes. */
export async function receiveText(request: S3Request): Promise<string> {
  const maxBytes = 1024 * 1024;
  const chunks: Buffer[] = [];
  let size = 0;
  const sink = new Writable({
    write(chunk: Buffer, _encoding, callback) {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      callback(size > maxBytes ? s3Error.malformedXml() : null);
    },
  });
  await receivePayload(request, sink);
  return Buffer.concat(chunks).toString('utf8');
}

/** Passes bytes through and measures them. */
class Meter extends Transform {
  size = 0;
  readonly #md5 = createHash('md5');
  readonly #sha256;
  readonly #checksum;

  constructor(algorithm: ChecksumAlgorithm | undefined, needsSha256: boolean) {
    super();
    this.#checksum = algorithm && runningChecksum(algorithm);
    this.#sha256 = needsSha256 ? createHash('sha256') : undefined;
  }

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    callback: (error: null, chunk: Buffer) => void,
  ) {
    this.size += chunk.length;
    this.#md5.update(chunk);
    this.#sha256?.update(chunk);
    this.#checksum?.update(chunk);
    callback(null, chunk);
  }

  md5(): string {
    return this.#md5.copy().digest('hex');
  }

  sha256(): string | undefined {
    return this.#sha256?.digest('hex');
  }

  async checksum(): Promise<string | undefined> {
    return await this.#checksum?.digest();
  }
}

/** The algorithm of the checksum header or trailer that comes with the content. */
function announcedAlgorithm(request: S3Request): ChecksumAlgorithm | undefined {
  const trailer = request.header('x-amz-trailer')?.toLowerCase();
  const known = checksumAlgorithms.find(
    (algorithm) =>
      request.header(checksumHeader(algorithm)) !== undefined || trailer === checksumHeader(algorithm),
  );
  if (known === undefined && trailer !== undefined)
    throw unsupported(`s3 content with the trailer ${trailer}`);
  return known;
}

/** Bytes of a digest. */
const digestBytes: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

/** What is no digest at all is refused before the content is read (LocalStack 8b9a79f, test_s3_invalid_content_md5, test_put_object_checksum). */
function assertReadableDigests(request: S3Request): void {
  const md5 = request.header('content-md5');
  if (md5 !== undefined && !isBase64Of(16, md5)) throw s3Error.invalidDigest(md5);
  const given = checksumAlgorithms.filter(
    (algorithm) => request.header(checksumHeader(algorithm)) !== undefined,
  );
  if (given.length > 1)
    throw s3Error.invalidRequest(
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  for (const algorithm of given) {
    const header = checksumHeader(algorithm);
    if (!isBase64Of(digestBytes[algorithm], request.header(header) ?? ''))
      throw s3Error.invalidRequest(`Value for ${header} header is invalid.`);
  }
}

function isBase64Of(bytes: number, text: string): boolean {
  const decoded = Buffer.from(text, 'base64');
  return decoded.length === bytes && decoded.toString('base64') === text;
}

function isAwsChunked(request: S3Request): boolean {
  return request.header('x-amz-content-sha256')?.startsWith('STREAMING-') ?? false;
}

/** The SHA-256 of the content, if the signature was made over it. */
function plainSha256(request: S3Request): string | undefined {
  return /^[0-9a-f]{64}$/.exec(request.header('x-amz-content-sha256') ?? '')?.[0];
}

function verifyLength(request: S3Request, received: number): void {
  const announced = request.header(isAwsChunked(request) ? 'x-amz-decoded-content-length' : 'content-length');
  if (announced !== undefined && Number(announced) !== received)
    throw s3Error.incompleteBody(Number(announced), received);
}

function verifyDigest(request: S3Request, meter: Meter): void {
  const md5 = request.header('content-md5');
  if (md5 !== undefined && Buffer.from(md5, 'base64').toString('hex') !== meter.md5())
    throw s3Error.badDigest('The Content-MD5 you specified did not match what we received.');
  const sha256 = plainSha256(request);
  if (sha256 !== undefined && sha256 !== meter.sha256()) throw s3Error.contentSha256Mismatch();
}

function verifyChecksum(
  algorithm: ChecksumAlgorithm,
  calculated: string,
  announced: string | undefined,
): void {
  if (announced !== calculated)
    throw s3Error.badDigest(
      `The ${algorithm} you specified did not match the calculated checksum: ${announced ?? 'nothing'} instead of ${calculated}.`,
    );
}

/** The content of several streams, one behind the other, measured as if it had been sent. */
export async function measurePayload(
  content: Readable,
  algorithm: ChecksumAlgorithm | undefined,
  sink: Writable,
): Promise<ReceivedPayload> {
  const meter = new Meter(algorithm, false);
  await pipeline(content, meter, sink);
  const value = await meter.checksum();
  const checksum =
    algorithm && value !== undefined ? ({ algorithm, type: 'FULL_OBJECT', value } as const) : undefined;
  return { size: meter.size, md5: meter.md5(), checksum };
}

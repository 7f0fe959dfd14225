import { randomBytes, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { evaluatedPrefix } from './prefix.ts';
import type { BufferedRecord, Stream } from './stream.schema.ts';

/** What Firehose calls records that its own processing could not take (AWS: not verified for dynamic partitioning). */
const errorOutputType = 'processing-failed';

/** An object for S3. */
export interface FirehoseObject {
  readonly key: string;
  readonly body: Buffer;
}

/** The object that some records of one partition make, oldest first. */
export function objectOf(
  stream: Stream,
  records: readonly BufferedRecord[],
  delimiter: string,
): FirehoseObject {
  const [oldest] = records;
  if (!oldest) throw new Error('An object of Firehose has one record at least.');
  const { destination } = stream;
  const isError = oldest.error !== undefined;
  const content = Buffer.concat(
    records.map((record) => (isError ? errorLine(record) : dataOf(record, delimiter))),
  );
  const isCompressed = destination.CompressionFormat === 'GZIP';
  const prefix = evaluatedPrefix((isError ? destination.ErrorOutputPrefix : destination.Prefix) ?? '', {
    at: oldest.arrivedAt,
    partition: isError ? {} : JSON.parse(oldest.partition),
    ...(isError && { errorOutputType }),
    randomString: randomBytes(8).toString('base64url').slice(0, 11),
  });
  const extension = destination.FileExtension ?? (isCompressed ? '.gz' : '');
  return {
    key: `${prefix}${objectName(stream, oldest)}${extension}`,
    body: isCompressed ? gzipSync(content) : content,
  };
}

/** `<stream>-<version>-<yyyy-MM-dd-HH-mm-ss>-<random>` */
function objectName({ name, version }: Stream, { arrivedAt }: BufferedRecord): string {
  const time = new Date(arrivedAt).toISOString().slice(0, 19).replace(/[T:]/g, '-');
  return `${name}-${version}-${time}-${randomUUID()}`;
}

function dataOf({ data }: BufferedRecord, delimiter: string): Buffer {
  return Buffer.concat([Buffer.from(data, 'base64'), Buffer.from(delimiter)]);
}

/** Why a record failed, with the record, as Firehose writes it. */
function errorLine({ error, arrivedAt, data }: BufferedRecord): Buffer {
  const line = {
    attemptsMade: 1,
    arrivalTimestamp: arrivedAt,
    errorCode: error?.code,
    errorMessage: error?.message,
    attemptEndingTimestamp: arrivedAt,
    rawData: data,
  };
  return Buffer.from(`${JSON.stringify(line)}\n`);
}

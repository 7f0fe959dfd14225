import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { checkedOperation } from '../../gateway/parse-input.ts';
import type { Buffers } from './buffers.ts';
import type { FirehoseState } from './firehose-state.ts';
import { PartitionError, type PartitionQuery } from './partition-query.ts';
import type { BufferedRecord } from './stream.schema.ts';

/** Firehose's limits, before base64. */
const maxRecordBytes = 1000 * 1024;
const maxRequestBytes = 4 * 1024 * 1024;
const maxRecords = 500;

/** Base64, as JSON carries it. */
export const recordSchema = z.strictObject({ Data: z.base64() });

const inputSchema = z.strictObject({
  DeliveryStreamName: z.string(),
  Records: z.array(recordSchema).min(1).max(maxRecords),
});

/** Takes records, all or none: nothing here runs out of throughput, so no single record is refused. */
export function putRecordBatch(state: FirehoseState, buffers: Buffers, now: () => number) {
  return checkedOperation('firehose:PutRecordBatch', inputSchema, async ({ DeliveryStreamName, Records }) => {
    const data = Records.map((record) => Buffer.from(record.Data, 'base64'));
    await takeRecords(state, buffers, DeliveryStreamName, data, now());
    return {
      FailedPutCount: 0,
      Encrypted: false,
      RequestResponses: data.map(() => ({ RecordId: randomUUID() })),
    };
  });
}

/** @throws AwsError for a stream that does not exist and for records that are too large */
export async function takeRecords(
  state: FirehoseState,
  buffers: Buffers,
  stream: string,
  data: readonly Buffer[],
  arrivedAt: number,
): Promise<void> {
  const { processing } = state.get(stream);
  const total = data.reduce((sum, { length }) => sum + length, 0);
  if (data.some(({ length }) => length > maxRecordBytes)) {
    throw invalid(`A record must not be larger than ${maxRecordBytes} bytes.`);
  }
  if (total > maxRequestBytes) throw invalid(`A request must not be larger than ${maxRequestBytes} bytes.`);
  await buffers.add(
    data.map((bytes) => ({
      stream,
      arrivedAt,
      data: bytes.toString('base64'),
      ...placeOf(bytes, processing.query),
    })),
  );
}

function placeOf(
  data: Buffer,
  query: PartitionQuery | undefined,
): Pick<BufferedRecord, 'partition' | 'error'> {
  try {
    return { partition: JSON.stringify(query?.partition(data) ?? {}) };
  } catch (error) {
    if (!(error instanceof PartitionError)) throw error;
    return {
      partition: '{}',
      error: { code: 'DynamicPartitioning.MetadataExtractionFailed', message: error.message },
    };
  }
}

const invalid = (message: string): AwsError => new AwsError('InvalidArgumentException', message);

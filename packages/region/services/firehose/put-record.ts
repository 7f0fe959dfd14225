import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { checkedOperation } from '../../gateway/parse-input.ts';
import type { Buffers } from './buffers.ts';
import type { FirehoseState } from './firehose-state.ts';
import { recordSchema, takeRecords } from './put-record-batch.ts';

const inputSchema = z.strictObject({ DeliveryStreamName: z.string(), Record: recordSchema });

export function putRecord(state: FirehoseState, buffers: Buffers, now: () => number) {
  return checkedOperation('firehose:PutRecord', inputSchema, async ({ DeliveryStreamName, Record }) => {
    await takeRecords(state, buffers, DeliveryStreamName, [Buffer.from(Record.Data, 'base64')], now());
    return { RecordId: randomUUID(), Encrypted: false };
  });
}

import * as z from 'zod';
import { checkedOperation } from '../../gateway/parse-input.ts';
import type { FirehoseState } from './firehose-state.ts';

const inputSchema = z.strictObject({
  Limit: z.int().min(1).max(10_000).default(10),
  DeliveryStreamType: z.literal('DirectPut').optional(),
  ExclusiveStartDeliveryStreamName: z.string().default(''),
});

export function listDeliveryStreams(state: FirehoseState) {
  return checkedOperation('firehose:ListDeliveryStreams', inputSchema, async (input) => {
    const { Limit, ExclusiveStartDeliveryStreamName: after } = input;
    const names = state.names().filter((name) => name > after);
    return { DeliveryStreamNames: names.slice(0, Limit), HasMoreDeliveryStreams: names.length > Limit };
  });
}

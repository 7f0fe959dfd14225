import * as z from 'zod';
import { checkedOperation } from '../../gateway/parse-input.ts';
import type { FirehoseState } from './firehose-state.ts';

const inputSchema = z.strictObject({ DeliveryStreamName: z.string(), Limit: z.int().optional() });

/** A stream with its destination. Times are seconds since 1970. */
export function describeDeliveryStream(state: FirehoseState) {
  return checkedOperation('firehose:DescribeDeliveryStream', inputSchema, async ({ DeliveryStreamName }) => {
    const { stream } = state.get(DeliveryStreamName);
    return {
      DeliveryStreamDescription: {
        DeliveryStreamName,
        DeliveryStreamARN: state.arn(DeliveryStreamName),
        DeliveryStreamStatus: 'ACTIVE',
        DeliveryStreamType: 'DirectPut',
        VersionId: String(stream.version),
        CreateTimestamp: stream.createdAt / 1000,
        Destinations: [
          {
            DestinationId: 'destinationId-000000000001',
            ExtendedS3DestinationDescription: stream.destination,
          },
        ],
        HasMoreDestinations: false,
      },
    };
  });
}

import { onEverything, type Permissions, textOf } from '../../gateway/permissions.ts';

const onStream =
  (action: string): Permissions =>
  (input, { region, accountId }) => [
    {
      action,
      resource: `arn:aws:firehose:${region}:${accountId}:deliverystream/${textOf(input, 'DeliveryStreamName')}`,
    },
  ];

/** By the Service Authorization Reference of Firehose. */
export const firehosePermissions = {
  DescribeDeliveryStream: onStream('firehose:DescribeDeliveryStream'),
  ListDeliveryStreams: onEverything('firehose:ListDeliveryStreams'),
  PutRecord: onStream('firehose:PutRecord'),
  PutRecordBatch: onStream('firehose:PutRecordBatch'),
} satisfies Record<string, Permissions>;

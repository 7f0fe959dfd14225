import {
  DescribeDeliveryStreamCommand,
  ListDeliveryStreamsCommand,
  PutRecordBatchCommand,
  PutRecordCommand,
} from '@aws-sdk/client-firehose';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Scenario } from '../scenario.ts';

const DeliveryStreamName = 'none';
const Record = { Data: Buffer.from('x') };

export const otherScenarios: readonly Scenario[] = [
  {
    // The region takes delivery streams from templates only, and moto writes at once: records that arrive cannot be compared.
    service: 'firehose',
    name: 'no delivery stream',
    async run({ firehose }, steps) {
      await steps.call('DescribeDeliveryStream', () =>
        firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName })),
      );
      await steps.call('ListDeliveryStreams', () => firehose.send(new ListDeliveryStreamsCommand({})));
      await steps.call('PutRecord', () =>
        firehose.send(new PutRecordCommand({ DeliveryStreamName, Record })),
      );
      await steps.call('PutRecordBatch', () =>
        firehose.send(new PutRecordBatchCommand({ DeliveryStreamName, Records: [Record] })),
      );
    },
  },
  {
    service: 'sts',
    name: 'who calls',
    async run({ sts }, steps) {
      await steps.call('GetCallerIdentity', () => sts.send(new GetCallerIdentityCommand({})));
    },
  },
];

import { z } from 'zod';
import { resourceType } from '../resource-type.ts';

/** A topic's notifications are told to the person at the laptop; nobody is sent an e-mail. */
export const snsTopic = resourceType({
  type: 'AWS::SNS::Topic',
  properties: { TopicName: z.string().optional() },
  ignored: {
    DisplayName: 'for people',
    KmsMasterKeyId: 'nothing on a laptop is encrypted by it',
    Tags: 'nothing reads them',
  },
  async apply({ TopicName }, { region, accountId, name }) {
    const topicName = TopicName ?? name({ maximum: 256 });
    const arn = `arn:aws:sns:${region}:${accountId}:${topicName}`;
    return { ref: arn, attributes: { TopicArn: arn, TopicName: topicName } };
  },
});

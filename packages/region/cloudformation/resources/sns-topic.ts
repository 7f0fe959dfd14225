import * as z from 'zod';
import { customerKeyArn } from '../encryption-key.ts';
import { resourceType } from '../resource-type.ts';

/** A topic's notifications are told to the person at the laptop; nobody is sent an e-mail. */
export const snsTopic = resourceType({
  type: 'AWS::SNS::Topic',
  properties: { TopicName: z.string().optional(), KmsMasterKeyId: z.string().optional() },
  ignored: {
    DisplayName: 'for people',
    Tags: 'nothing reads them',
  },
  async apply({ TopicName, KmsMasterKeyId }, context) {
    const { region, accountId, services, name } = context;
    const topicName = TopicName ?? name({ maximum: 256 });
    const arn = `arn:aws:sns:${region}:${accountId}:${topicName}`;
    const key = customerKeyArn(KmsMasterKeyId, context);
    if (key !== undefined) services.roles.putKeyOf(arn, key);
    return { ref: arn, attributes: { TopicArn: arn, TopicName: topicName } };
  },
});

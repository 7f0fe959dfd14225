import * as z from 'zod';
import { resourceType } from '../resource-type.ts';

/** Who would be told. Only people can be: a subscription that starts something would be skipped in silence. */
export const snsSubscription = resourceType({
  type: 'AWS::SNS::Subscription',
  properties: {
    TopicArn: z.string(),
    Protocol: z.enum(['email', 'email-json', 'sms']),
    Endpoint: z.string(),
  },
  async apply({ TopicArn }, { name }) {
    return { ref: `${TopicArn}:${name({ maximum: 64 })}`, attributes: {} };
  },
});

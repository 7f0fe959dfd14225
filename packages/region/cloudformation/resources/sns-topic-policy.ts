import * as z from 'zod';
import { policyDocumentSchema } from '../../iam/role-store.ts';
import { resourceType } from '../resource-type.ts';

export const snsTopicPolicy = resourceType({
  type: 'AWS::SNS::TopicPolicy',
  properties: { Topics: z.array(z.string()), PolicyDocument: policyDocumentSchema },
  async apply({ Topics, PolicyDocument }, { services, name }) {
    for (const topic of Topics) services.roles.putResourcePolicy(topic, PolicyDocument);
    return { ref: name({ maximum: 256 }), attributes: {} };
  },
});

import * as z from 'zod';
import { policyDocumentSchema } from '../../iam/role-store.ts';
import { resourceType } from '../resource-type.ts';

export const iamPolicy = resourceType({
  type: 'AWS::IAM::Policy',
  properties: { PolicyName: z.string(), PolicyDocument: policyDocumentSchema, Roles: z.array(z.string()) },
  async apply({ PolicyName, PolicyDocument, Roles }, { services, name }) {
    for (const role of Roles) services.roles.putRolePolicy(role, PolicyName, PolicyDocument);
    return { ref: name({ maximum: 128 }), attributes: {} };
  },
});

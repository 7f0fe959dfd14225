import * as z from 'zod';
import { policyDocumentSchema } from '../../iam/role-store.ts';
import { resourceType } from '../resource-type.ts';

export const iamManagedPolicy = resourceType({
  type: 'AWS::IAM::ManagedPolicy',
  properties: {
    ManagedPolicyName: z.string().optional(),
    Path: z.string().default('/'),
    PolicyDocument: policyDocumentSchema,
    Roles: z.array(z.string()).default([]),
  },
  ignored: { Description: 'for people' },
  async apply({ ManagedPolicyName, Path, PolicyDocument, Roles }, { accountId, services, name }) {
    const arn = `arn:aws:iam::${accountId}:policy${Path}${ManagedPolicyName ?? name({ maximum: 128 })}`;
    services.roles.putManagedPolicy(arn, PolicyDocument);
    for (const role of Roles) services.roles.attachManagedPolicy(role, arn);
    return { ref: arn, attributes: { PolicyArn: arn } };
  },
});

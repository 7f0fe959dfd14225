import * as z from 'zod';
import { policyDocumentSchema } from '../../iam/role-store.ts';
import { resourceType } from '../resource-type.ts';

export const inlinePolicySchema = z.strictObject({
  PolicyName: z.string(),
  PolicyDocument: policyDocumentSchema,
});

export const iamRole = resourceType({
  type: 'AWS::IAM::Role',
  properties: {
    RoleName: z.string().optional(),
    Path: z.string().default('/'),
    AssumeRolePolicyDocument: policyDocumentSchema,
    Policies: z.array(inlinePolicySchema).default([]),
    ManagedPolicyArns: z.array(z.string()).default([]),
    /** The account's policy, not the template's: it limits the role where the region was told what it says. */
    PermissionsBoundary: z.string().optional(),
  },
  ignored: {
    Description: 'for people',
    MaxSessionDuration: 'credentials do not expire on a laptop',
    Tags: 'nothing reads them',
  },
  async apply(role, context) {
    const name = role.RoleName ?? context.name({ maximum: 64 });
    const arn = `arn:aws:iam::${context.accountId}:role${role.Path}${name}`;
    context.services.roles.putRole({
      name,
      arn,
      trust: role.AssumeRolePolicyDocument,
      policies: new Map(role.Policies.map(({ PolicyName, PolicyDocument }) => [PolicyName, PolicyDocument])),
      managedPolicyArns: role.ManagedPolicyArns,
      ...(role.PermissionsBoundary !== undefined && { boundaryArn: role.PermissionsBoundary }),
    });
    return { ref: name, attributes: { Arn: arn, RoleId: `AROA${name}` } };
  },
});

import * as z from 'zod';
import { policyDocumentSchema } from '../../iam/role-store.ts';
import { functionNameOf } from '../../services/lambda/function-name.ts';
import { resourceType } from '../resource-type.ts';

/** One statement of a function's resource policy, recorded as such. */
export const lambdaPermission = resourceType({
  type: 'AWS::Lambda::Permission',
  properties: {
    Action: z.string(),
    FunctionName: z.string(),
    Principal: z.string(),
    SourceArn: z.string().optional(),
    SourceAccount: z.string().optional(),
  },
  async apply({ Action, FunctionName, Principal, SourceArn, SourceAccount }, context) {
    const id = context.name({ maximum: 100 });
    const condition = {
      ...(SourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': SourceArn } }),
      ...(SourceAccount !== undefined && { StringEquals: { 'AWS:SourceAccount': SourceAccount } }),
    };
    const { region, accountId } = context;
    const functionArn = `arn:aws:lambda:${region}:${accountId}:function:${functionNameOf(FunctionName)}`;
    const statement = {
      Sid: id,
      Effect: 'Allow',
      Principal: { Service: Principal },
      Action,
      Resource: functionArn,
      Condition: condition,
    };
    context.services.roles.putResourcePolicy(
      `${functionArn}#${id}`,
      policyDocumentSchema.parse({ Statement: statement }),
    );
    return { ref: id, attributes: { Id: id } };
  },
});

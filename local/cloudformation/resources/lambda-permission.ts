import { z } from 'zod';
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
    context.services.roles.putResourcePolicy(`${FunctionName}#${id}`, {
      Statement: [
        {
          Sid: id,
          Effect: 'Allow',
          Principal: { Service: Principal },
          Action,
          Resource: FunctionName,
          Condition: condition,
        },
      ],
    });
    return { ref: id, attributes: { Id: id } };
  },
});

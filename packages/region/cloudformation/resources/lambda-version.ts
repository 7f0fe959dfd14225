import * as z from 'zod';
import { functionNameOf } from '../../services/lambda/function-name.ts';
import { resourceType } from '../resource-type.ts';

/** A function as it is at this deployment. The CDK gives each state of a function a logical id of its own. */
export const lambdaVersion = resourceType({
  type: 'AWS::Lambda::Version',
  properties: { FunctionName: z.string() },
  ignored: { Description: 'for people' },
  async apply({ FunctionName }, { services, logicalId, region, accountId }) {
    const name = functionNameOf(FunctionName);
    const version = services.lambda.publishVersion(name, logicalId);
    const ref = `arn:aws:lambda:${region}:${accountId}:function:${name}:${version}`;
    return { ref, attributes: { Version: version, FunctionArn: ref } };
  },
  // One that the template no longer has is kept by its deletion policy, for executions that began with it.
});

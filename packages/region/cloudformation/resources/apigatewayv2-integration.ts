import * as z from 'zod';
import { functionNameOf, qualifierOf } from '../../services/lambda/function-name.ts';
import { apiOf } from '../api-of.ts';
import { resourceType } from '../resource-type.ts';
import { shortId } from '../short-id.ts';

/** The function's own ARN, or the path by which Lambda's API invokes it. */
const invocation =
  /^(?:arn:[^:]+:apigateway:[^:]+:lambda:path\/2015-03-31\/functions\/(?<called>.+)\/invocations|(?<own>arn:[^:]+:lambda:.+))$/;

export const apiGatewayV2Integration = resourceType({
  type: 'AWS::ApiGatewayV2::Integration',
  properties: {
    ApiId: z.string(),
    IntegrationType: z.literal('AWS_PROXY'),
    IntegrationUri: z.string(),
    PayloadFormatVersion: z.literal('2.0'),
    TimeoutInMillis: z.int().min(50).max(30_000).default(30_000),
    ConnectionType: z.literal('INTERNET').optional(),
    IntegrationMethod: z.literal('POST').optional(),
  },
  ignored: { Description: 'for people' },
  async apply({ ApiId, IntegrationUri, TimeoutInMillis }, context) {
    const { called, own } = invocation.exec(IntegrationUri)?.groups ?? {};
    const functionArn = called ?? own;
    if (functionArn === undefined)
      throw context.error(`'${IntegrationUri}' is not the ARN of a function`, 'IntegrationUri');
    const version = qualifierOf(functionArn);
    if (version !== undefined && !/^\d+$/.test(version))
      throw context.error(`aliases of functions are not served: '${IntegrationUri}'`, 'IntegrationUri');
    const id = shortId(context, 7);
    apiOf(ApiId, context).integrations.set(id, {
      functionName: functionNameOf(functionArn),
      version,
      timeoutMilliseconds: TimeoutInMillis,
    });
    return { ref: id, attributes: { IntegrationId: id } };
  },
});

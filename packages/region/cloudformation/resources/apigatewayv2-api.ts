import * as z from 'zod';
import { apiEndpoint } from '../../services/apigateway/api-address.ts';
import { resourceType } from '../resource-type.ts';
import { shortId } from '../short-id.ts';

/** An HTTP API whose routes are resources of their own: one that a document of OpenAPI describes (`Body`) is refused, as is CORS. */
export const apiGatewayV2Api = resourceType({
  type: 'AWS::ApiGatewayV2::Api',
  properties: {
    Name: z.string(),
    ProtocolType: z.literal('HTTP'),
    DisableExecuteApiEndpoint: z.literal(false).optional(),
    RouteSelectionExpression: z
      .enum(['$request.method $request.path', '${request.method} ${request.path}'])
      .optional(),
  },
  ignored: { Description: 'for people', Tags: 'nothing reads them', Version: 'for people' },
  async apply(_, context) {
    const { services } = context;
    const apiId = shortId(context, 10);
    services.httpApis.create(apiId);
    return {
      ref: apiId,
      attributes: { ApiId: apiId, ApiEndpoint: apiEndpoint(services.endpoint, apiId) },
    };
  },
});

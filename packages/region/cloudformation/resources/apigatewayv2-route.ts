import * as z from 'zod';
import type { Authorization, HttpApi } from '../../services/apigateway/http-apis.ts';
import { isSameRoute, parseRouteKey } from '../../services/apigateway/route-key.ts';
import { apiOf } from '../api-of.ts';
import { type ResourceContext, resourceType } from '../resource-type.ts';
import { shortId } from '../short-id.ts';

const properties = {
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string().regex(/^integrations\/./),
  AuthorizationType: z.enum(['NONE', 'AWS_IAM', 'JWT']).default('NONE'),
  AuthorizerId: z.string().optional(),
  AuthorizationScopes: z.array(z.string()).max(10).default([]),
  ApiKeyRequired: z.literal(false).optional(),
};
type Properties = z.infer<z.ZodObject<typeof properties>>;

export const apiGatewayV2Route = resourceType({
  type: 'AWS::ApiGatewayV2::Route',
  properties,
  ignored: { OperationName: 'for people' },
  async apply(route, context) {
    const api = apiOf(route.ApiId, context);
    const key = parseRouteKey(route.RouteKey);
    if (typeof key === 'string') throw context.error(key, 'RouteKey');
    if (api.routes.some((other) => isSameRoute(other.key, key)))
      throw context.error(`the API has a route '${route.RouteKey}' already`, 'RouteKey');
    const integration = api.integrations.get(route.Target.slice('integrations/'.length));
    if (!integration) throw context.error(`the API has no ${route.Target}`, 'Target');
    api.routes.push({ key, integration, authorization: authorizationOf(route, api, context) });
    const id = shortId(context, 7);
    return { ref: id, attributes: { RouteId: id } };
  },
});

function authorizationOf(
  { AuthorizationType, AuthorizerId, AuthorizationScopes }: Properties,
  { authorizers }: HttpApi,
  { error }: ResourceContext,
): Authorization {
  if (AuthorizationType === 'JWT') {
    const authorizer = authorizers.get(AuthorizerId ?? '');
    if (!authorizer) throw error('JWT needs a JWT authorizer of the same API', 'AuthorizerId');
    return { kind: 'jwt', authorizer, scopes: AuthorizationScopes };
  }
  if (AuthorizerId !== undefined) throw error(`${AuthorizationType} takes no authorizer`, 'AuthorizerId');
  if (AuthorizationScopes.length > 0)
    throw error(`${AuthorizationType} takes no scopes: only JWT does`, 'AuthorizationScopes');
  return { kind: AuthorizationType === 'AWS_IAM' ? 'iam' : 'none' };
}

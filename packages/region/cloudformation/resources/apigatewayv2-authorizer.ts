import * as z from 'zod';
import { apiOf } from '../api-of.ts';
import { resourceType } from '../resource-type.ts';
import { shortId } from '../short-id.ts';

const sourcePattern = /^\$request\.(?<kind>header|querystring)\.(?<name>[^.\s]+)$/;

/** Tokens only: functions that authorize (`REQUEST`) are refused. */
export const apiGatewayV2Authorizer = resourceType({
  type: 'AWS::ApiGatewayV2::Authorizer',
  properties: {
    ApiId: z.string(),
    AuthorizerType: z.literal('JWT'),
    Name: z.string(),
    IdentitySource: z.tuple([z.string().regex(sourcePattern)]),
    JwtConfiguration: z.strictObject({
      Issuer: z.url(),
      Audience: z.array(z.string()).min(1).max(50),
    }),
  },
  async apply({ ApiId, IdentitySource, JwtConfiguration }, context) {
    const { kind, name = '' } = sourcePattern.exec(IdentitySource[0])?.groups ?? {};
    const id = shortId(context, 6);
    apiOf(ApiId, context).authorizers.set(id, {
      source: { kind: kind === 'querystring' ? kind : 'header', name },
      issuer: JwtConfiguration.Issuer,
      audience: JwtConfiguration.Audience,
    });
    return { ref: id, attributes: { AuthorizerId: id } };
  },
});

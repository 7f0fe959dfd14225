import { expect, it } from 'vitest';
import { ref, route, startHttpApi } from './http-api-region.ts';

const ApiId = ref('Api');
const api = (more: object) => ({
  Type: 'AWS::ApiGatewayV2::Api',
  Properties: { Name: 'api', ProtocolType: 'HTTP', ...more },
});
const stage = (more: object) => ({
  Type: 'AWS::ApiGatewayV2::Stage',
  Properties: { ApiId, StageName: '$default', AutoDeploy: true, ...more },
});
const integration = (more: object) => ({
  Type: 'AWS::ApiGatewayV2::Integration',
  Properties: {
    ApiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: { 'Fn::GetAtt': ['Function', 'Arn'] },
    PayloadFormatVersion: '2.0',
    ...more,
  },
});
const authorizer = (more: object) => ({
  Type: 'AWS::ApiGatewayV2::Authorizer',
  Properties: {
    ApiId,
    AuthorizerType: 'JWT',
    Name: 'people',
    IdentitySource: ['$request.header.Authorization'],
    JwtConfiguration: { Issuer: 'https://login.example.com', Audience: ['app'] },
    ...more,
  },
});

it.each([
  ['a document of OpenAPI', { Api: api({ Body: {} }) }, 'Api, property Body'],
  ['CORS', { Api: api({ CorsConfiguration: {} }) }, 'Api, property CorsConfiguration'],
  ['a WebSocket API', { Api: api({ ProtocolType: 'WEBSOCKET' }) }, 'Api, property ProtocolType'],
  ['quick create', { Api: api({ Target: 'arn' }) }, 'Api, property Target'],
  ['another stage', { Stage: stage({ StageName: 'dev' }) }, 'Stage, property StageName'],
  ['a stage that waits', { Stage: stage({ AutoDeploy: false }) }, 'Stage, property AutoDeploy'],
  [
    'a rate without a burst',
    { Stage: stage({ DefaultRouteSettings: { ThrottlingRateLimit: 1 } }) },
    'Stage, property DefaultRouteSettings',
  ],
  [
    'logs of data',
    { Stage: stage({ DefaultRouteSettings: { DataTraceEnabled: true } }) },
    'Stage, property DefaultRouteSettings.DataTraceEnabled',
  ],
  [
    'payload format 1.0',
    { Answer: integration({ PayloadFormatVersion: '1.0' }) },
    'Answer, property PayloadFormatVersion',
  ],
  ['more than 30 seconds', { Answer: integration({ TimeoutInMillis: 30_001 }) }, 'property TimeoutInMillis'],
  ['an address', { Answer: integration({ IntegrationUri: 'http://x' }) }, 'property IntegrationUri'],
  ['a role to invoke as', { Answer: integration({ CredentialsArn: 'arn' }) }, 'property CredentialsArn'],
  [
    'a function as authorizer',
    { Auth: authorizer({ AuthorizerType: 'REQUEST' }) },
    'property AuthorizerType',
  ],
  [
    'a token in a body',
    { Auth: authorizer({ IdentitySource: ['$request.body.token'] }) },
    'property IdentitySource.0',
  ],
  ['a route key of no method', { Route: route('/a') }, 'Route, property RouteKey'],
  ['a route twice', { One: route('GET /{a}'), Two: route('GET /{b}') }, 'property RouteKey'],
  ['a route without integration', { Route: route('GET /', { Target: 'integrations/x' }) }, 'property Target'],
  [
    'a token without authorizer',
    { Route: route('GET /', { AuthorizationType: 'JWT' }) },
    'Route, property AuthorizerId',
  ],
  [
    'scopes without tokens',
    { Route: route('GET /', { AuthorizationScopes: ['a'] }) },
    'Route, property AuthorizationScopes',
  ],
  ['another authorization', { Route: route('GET /', { AuthorizationType: 'CUSTOM' }) }, 'AuthorizationType'],
])('a template with %s is refused by name', async (_what, resources, where) => {
  await expect(startHttpApi({ resources })).rejects.toMatchObject({
    name: 'TemplateError',
    message: expect.stringContaining(where),
  });
});

it('a function that did not permit the route is not invoked', async () => {
  let isInvoked = false;
  const region = await startHttpApi({
    handler: () => {
      isInvoked = true;
    },
    resources: {
      Route: route('GET /a/{b}'),
      MayInvoke: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:InvokeFunction',
          FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] },
          Principal: 'apigateway.amazonaws.com',
          SourceArn: {
            'Fn::Sub': 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*/other/{b}',
          },
        },
      },
    },
  });
  const { status, text } = await region.call('/a/b');

  expect([status, text]).toEqual([500, '{"message":"Internal Server Error"}']);
  expect(isInvoked).toBe(false);
  expect(region.told).toEqual([
    expect.objectContaining({
      kind: 'access-denied',
      principal: 'apigateway.amazonaws.com',
      action: 'lambda:InvokeFunction',
    }),
  ]);
  await region.stop();
});

it('an API keeps its id over a restart, and gives what AWS documents to those that refer to it', async () => {
  const resources = { Auth: authorizer({}), Route: route('GET /') };
  const [one, other] = [await startHttpApi({ resources }), await startHttpApi({ resources })];
  const made = new Map(one.region.resources.map(({ logicalId, ...values }) => [logicalId, values]));

  expect(other.apiId).toBe(one.apiId);
  expect(one.apiId).toMatch(/^[a-z0-9]{10}$/);
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/AWS_ApiGatewayV2.html, return values of each
  expect(made.get('Api')).toMatchObject({
    physicalId: one.apiId,
    attributes: { ApiId: one.apiId, ApiEndpoint: one.url },
  });
  for (const [logicalId, attribute] of [
    ['Answer', 'IntegrationId'],
    ['Route', 'RouteId'],
    ['Auth', 'AuthorizerId'],
  ] as const) {
    const { physicalId, attributes } = made.get(logicalId) ?? {};
    expect(attributes).toEqual({ [attribute]: physicalId });
  }
  expect(made.get('Stage')).toMatchObject({ physicalId: '$default' });
  await one.stop();
  await other.stop();
});

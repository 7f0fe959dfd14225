import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Handler, type HttpApiRegion, route, startHttpApi } from './http-api-region.ts';

let api: HttpApiRegion;
let handler: Handler;
beforeAll(async () => {
  api = await startHttpApi({
    handler: (event) => handler(event),
    resources: {
      Default: route('$default'),
      Model: route('GET /models/{model}/{rest+}', { AuthorizationType: 'AWS_IAM' }),
      Slow: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          ApiId: { Ref: 'Api' },
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: { 'Fn::GetAtt': ['Function', 'Arn'] },
          PayloadFormatVersion: '2.0',
          TimeoutInMillis: 50,
        },
      },
      SlowRoute: route('GET /slow', { Target: { 'Fn::Sub': 'integrations/${Slow}' } }),
      RareRoute: route('GET /rare'),
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: {
          ApiId: { Ref: 'Api' },
          StageName: '$default',
          AutoDeploy: true,
          StageVariables: { colour: 'blue' },
          RouteSettings: { 'GET /rare': { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 2 } },
          DefaultRouteSettings: { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 500 },
        },
      },
    },
  });
});
beforeEach(() => {
  handler = (event) => event;
});
afterAll(() => api.stop());

const json = { 'content-type': 'application/json' };

describe('the event of an HTTP API', () => {
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html, format 2.0
  it('has the form of payload format 2.0', async () => {
    const before = Date.now();
    const { text, headers } = await api.call('/my/path?a=1&a=2&b=%20c&d', {
      method: 'POST',
      headers: { ...json, 'user-agent': 'agent', 'X-Two': ['one', 'two'], cookie: ['c1=1; c2=2'] },
      body: '{"say":"häh?"}',
    });
    const event = JSON.parse(text);

    expect(event).toEqual({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/my/path',
      rawQueryString: 'a=1&a=2&b=%20c&d',
      cookies: ['c1=1', 'c2=2'],
      headers: {
        'content-type': 'application/json',
        'user-agent': 'agent',
        'x-two': 'one,two',
        host: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        'content-length': '15',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': expect.stringMatching(/^\d+$/),
        'x-forwarded-proto': 'http',
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      },
      queryStringParameters: { a: '1,2', b: ' c', d: '' },
      requestContext: {
        accountId: '000000000000',
        apiId: api.apiId,
        domainName: `${api.apiId}.execute-api.localhost`,
        domainPrefix: api.apiId,
        http: {
          method: 'POST',
          path: '/my/path',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'agent',
        },
        requestId: headers['apigw-requestid'],
        routeKey: '$default',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      body: '{"say":"häh?"}',
      isBase64Encoded: false,
      stageVariables: { colour: 'blue' },
    });
    expect(event.requestContext.timeEpoch).toBeGreaterThanOrEqual(before);
  });

  it('leaves out what a request does not have', async () => {
    const event = JSON.parse((await api.call('')).text);

    expect(event).toMatchObject({ rawPath: '/', rawQueryString: '', isBase64Encoded: false });
    for (const name of ['cookies', 'queryStringParameters', 'pathParameters', 'body'])
      expect(event).not.toHaveProperty(name);
    expect(event.requestContext).not.toHaveProperty('authorizer');
  });

  // Measured on AWS: https://github.com/ministackorg/ministack/pull/766
  it.each([
    ['text/csv; charset=utf-8', false],
    ['application/json', false],
    ['application/xml', false],
    ['application/javascript', false],
    ['application/octet-stream', true],
    ['application/x-www-form-urlencoded', true],
    [undefined, true],
  ])('has a body of the type %s in base64: %s', async (type, isBase64Encoded) => {
    const { text } = await api.call('/', {
      method: 'PUT',
      body: Buffer.from('a=1'),
      headers: type === undefined ? {} : { 'content-type': type },
    });

    expect(JSON.parse(text)).toMatchObject({
      isBase64Encoded,
      body: isBase64Encoded ? Buffer.from('a=1').toString('base64') : 'a=1',
    });
  });

  it('comes by the host name of the API too', async () => {
    const { text } = await api.callByHost('/by/host?a=1');

    expect(JSON.parse(text)).toMatchObject({ rawPath: '/by/host', rawQueryString: 'a=1' });
  });
});

describe('the answer of an HTTP API', () => {
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html, response for format 2.0
  it.each([
    ['a text', 'Hello from Lambda!', 'Hello from Lambda!'],
    ['an object', { message: 'Hello from Lambda!' }, '{"message":"Hello from Lambda!"}'],
    ['a list', [1, 2], '[1,2]'],
  ])('is %s as it stands where there is no status code', async (_kind, result, expected) => {
    handler = () => result;
    const { status, headers, text } = await api.call('/');

    expect([status, headers['content-type'], text]).toEqual([200, 'application/json', expected]);
  });

  it('has the status, headers, cookies and bytes that the function gives', async () => {
    handler = () => ({
      statusCode: 201,
      headers: { 'Content-Type': 'image/png', 'X-Number': 7, 'Content-Length': '999' },
      cookies: ['a=1; Secure', 'b=2'],
      body: Buffer.from([0, 255]).toString('base64'),
      isBase64Encoded: true,
    });
    const { status, headers, bytes } = await api.call('/');

    expect(status).toBe(201);
    expect(headers).toMatchObject({
      'content-type': 'image/png',
      'x-number': '7',
      'content-length': '2',
      'set-cookie': ['a=1; Secure', 'b=2'],
    });
    expect([...bytes]).toEqual([0, 255]);
  });

  it.each([
    ['a status that HTTP has not', () => ({ statusCode: 'fine' })],
    ['a status that ends no exchange', () => ({ statusCode: 100 })],
    ['a cookie with a line break', () => ({ statusCode: 200, cookies: ['a=b\r\nc: d'] })],
    ['a body that is no text', () => ({ statusCode: 200, body: { a: 1 } })],
    ['a header with a line break', () => ({ statusCode: 200, headers: { a: 'b\r\nc: d' } })],
    ['a header with a space in its name', () => ({ statusCode: 200, headers: { 'a b': 'c' } })],
    [
      'an error',
      () => {
        throw new Error('no');
      },
    ],
  ])('is 500 for %s', async (_kind, answer) => {
    handler = answer;
    const { status, text } = await api.call('/');

    expect([status, text]).toEqual([500, '{"message":"Internal Server Error"}']);
  });

  // https://github.com/anomalyco/sst/issues/2232, https://github.com/serverless/serverless/issues/11222
  it('is 503 where the integration takes too long', async () => {
    let finish: (result: string) => void = () => undefined;
    handler = () =>
      new Promise((resolve) => {
        finish = resolve;
      });
    const { status, text } = await api.call('/slow');
    finish('late');

    expect([status, text]).toEqual([503, '{"message":"Service Unavailable"}']);
  });

  it('is 429 beyond the rate of the route', async () => {
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await api.call('/rare')).status);

    expect(statuses).toEqual([200, 200, 429]);
    expect((await api.call('/rare')).text).toBe('{"message":"Too Many Requests"}');
    expect((await api.call('/other')).status).toBe(200);
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
  it('is 431 for more than 10,240 bytes of request line and headers', async () => {
    const { length } = JSON.parse((await api.call('/', { headers: { x: '' } })).text).headers.host;
    const line = `GET /_aws/execute-api/${api.apiId}/ HTTP/1.1`.length;
    const room = 10_240 - line - length - 'keep-alive'.length;

    expect((await api.call('/', { headers: { x: 'x'.repeat(room) } })).status).toBe(200);
    expect((await api.call('/', { headers: { x: 'x'.repeat(room + 1) } })).status).toBe(431);
  });

  it('is 413 for more than 10 MB, or more than Lambda takes', async () => {
    const send = (bytes: number) =>
      api.call('/', {
        method: 'POST',
        body: Buffer.alloc(bytes, 97),
        headers: { 'content-type': 'text/plain' },
      });
    handler = () => 'ok';

    expect((await send(5 * 1024 * 1024)).status).toBe(200);
    expect((await send(7 * 1024 * 1024)).status).toBe(413);
    const { status, text } = await send(10 * 1024 * 1024 + 1);
    expect([status, text]).toEqual([413, '{"message":"Request Entity Too Large"}']);
  });

  it('is 404 for an API that no template has', async () => {
    const { origin } = new URL(api.url);
    const response = await fetch(`${origin}/_aws/execute-api/zzz/`);

    expect([response.status, await response.text()]).toEqual([404, '{"message":"Not Found"}']);
  });
});

describe('a route that asks for a signature', () => {
  it('gives its function the role that signed, and no key that could be used', async () => {
    const { reader } = api.roleArns;
    const { status, text } = await api.callSigned('/models/churn/versions/3', reader);
    const name = reader.split('/').at(-1);
    const { accessKeyId } = api.region.credentials.credentialsFor(reader);

    expect(status).toBe(200);
    // The form: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html,
    // values as in an event of AWS: https://github.com/anomalyco/guide/pull/706
    expect(JSON.parse(text)).toMatchObject({
      routeKey: 'GET /models/{model}/{rest+}',
      pathParameters: { model: 'churn', rest: 'versions/3' },
      requestContext: {
        authorizer: {
          iam: {
            accessKey: expect.stringMatching(/^ASIA[0-9A-F]{16}$/),
            accountId: '000000000000',
            callerId: `AROA${name}:local`,
            cognitoIdentity: null,
            principalOrgId: null,
            userArn: `arn:aws:sts::000000000000:assumed-role/${name}/local`,
            userId: `AROA${name}:local`,
          },
        },
      },
    });
    expect(text).not.toContain(accessKeyId);
  });

  it('lets the person at the laptop in', async () => {
    const { status, text } = await api.callSigned('/models/any/thing');

    expect(status).toBe(200);
    expect(text).toContain('arn:aws:iam::000000000000:user/developer');
    expect(text).not.toContain(api.region.credentials.developer.accessKeyId);
  });

  it.each([
    ['another path', 'reader', '/models/fraud/versions/3'],
    ['a path that begins alike', 'reader', '/models/churn-2/versions/3'],
    ['a role without the permission', 'stranger', '/models/churn/versions/3'],
  ] as const)('refuses %s', async (_what, role, path) => {
    const { status, text } = await api.callSigned(path, api.roleArns[role]);

    expect([status, text]).toEqual([403, '{"message":"Forbidden"}']);
    expect(api.told.at(-1)).toMatchObject({
      kind: 'access-denied',
      action: 'execute-api:Invoke',
      resource: `arn:aws:execute-api:eu-west-1:000000000000:${api.apiId}/$default/GET${path}`,
    });
  });

  it.each([
    ['no signature', {}],
    ['a token', { authorization: 'Bearer x' }],
    ['a key that was not issued', { authorization: signatureOf('AKIAX', 'execute-api') }],
  ])('refuses %s', async (_what, headers) => {
    expect((await api.call('/models/churn/x', { headers })).status).toBe(403);
  });

  it('refuses a signature for another service', async () => {
    const { accessKeyId } = api.region.credentials.developer;
    const headers = { authorization: signatureOf(accessKeyId, 's3') };

    expect((await api.call('/models/churn/x', { headers })).status).toBe(403);
  });
});

function signatureOf(key: string, service: string): string {
  return `AWS4-HMAC-SHA256 Credential=${key}/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
}

it.each([
  ['an Origin of the web', { origin: 'http://evil.example' }],
  ['a rebound Host', { host: 'evil.example' }],
  ['a Host that only begins like the API’s', { host: 'x.execute-api.localhost.evil.example' }],
  ['a cross-site fetch', { 'sec-fetch-site': 'cross-site' }],
])('an HTTP API is closed to %s', async (_what, headers) => {
  let isAsked = false;
  handler = () => {
    isAsked = true;
  };

  expect((await api.call('/', { headers })).status).toBe(403);
  expect(isAsked).toBe(false);
});

import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestIssuer } from '../../../test-issuer.ts';
import { type HttpApiRegion, ref, route, startHttpApi } from './http-api-region.ts';

/** As templates name it; it runs on this machine. */
const named = 'https://login.example.com/';
let issuer: TestIssuer;
let other: TestIssuer;
let api: HttpApiRegion;

const authorizer = (Issuer: string, IdentitySource: string) => ({
  Type: 'AWS::ApiGatewayV2::Authorizer',
  Properties: {
    ApiId: ref('Api'),
    AuthorizerType: 'JWT',
    Name: 'people',
    IdentitySource: [IdentitySource],
    JwtConfiguration: { Issuer, Audience: ['app', 'other-app'] },
  },
});
const guarded = (key: string, AuthorizerId: object, scopes?: string[]) =>
  route(key, { AuthorizationType: 'JWT', AuthorizerId, ...(scopes && { AuthorizationScopes: scopes }) });

beforeAll(async () => {
  const personas = { approver: { sub: 'ann', aud: 'app', groups: ['approver', 'viewer'] } };
  issuer = await TestIssuer.start({ issuer: named, personas });
  other = await TestIssuer.start();
  api = await startHttpApi({
    issuers: { [named]: issuer.address },
    resources: {
      People: authorizer(named, '$request.header.Authorization'),
      InQuery: authorizer(other.issuer, '$request.querystring.token'),
      Open: guarded('GET /open', ref('People')),
      Scoped: guarded('GET /scoped', ref('People'), ['decide', 'read']),
      Query: guarded('GET /query', ref('InQuery')),
    },
  });
});
afterAll(async () => {
  await api.stop();
  await issuer.stop();
  await other.stop();
});

const call = (path: string, token: string) => api.call(path, { headers: { authorization: token } });
const good = (claims: object = {}) => issuer.sign({ sub: 'ann', aud: 'app', ...claims });
const seconds = () => Math.floor(Date.now() / 1000);

describe('a route that asks for a token', () => {
  it('gives its function the claims as texts', async () => {
    const exp = seconds() + 60;
    const claims = {
      exp,
      admin: true,
      nothing: null,
      ratio: 0.5,
      groups: ['risk approver', 'viewer', 3],
      address: { city: 'Ulm' },
      empty: [],
    };
    const { status, text } = await call('/open', `Bearer ${good(claims)}`);

    expect(status).toBe(200);
    // Measured on AWS: https://github.com/floci-io/floci/pull/2011
    expect(JSON.parse(text).requestContext.authorizer).toEqual({
      jwt: {
        claims: {
          sub: 'ann',
          aud: 'app',
          iss: named,
          iat: expect.stringMatching(/^\d+$/),
          exp: String(exp),
          admin: 'true',
          ratio: '0.5',
          groups: '[risk approver viewer 3]',
          address: '{"city":"Ulm"}',
          empty: '[]',
        },
        scopes: null,
      },
    });
  });

  it('takes a persona of the test issuer', async () => {
    const { text } = await call('/open', `Bearer ${issuer.tokenOf('approver')}`);

    expect(JSON.parse(text).requestContext.authorizer.jwt.claims).toMatchObject({
      sub: 'ann',
      groups: '[approver viewer]',
    });
    expect(() => issuer.tokenOf('nobody')).toThrow("no persona 'nobody'. It has: approver.");
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
  it.each([
    ['without Bearer', () => good()],
    ['behind a small bearer', () => `bearer ${good()}`],
    ['with several audiences', () => `Bearer ${good({ aud: ['x', 'other-app'] })}`],
    ['with client_id and no aud', () => `Bearer ${good({ aud: undefined, client_id: 'app' })}`],
    ['that was good from a moment ago on', () => `Bearer ${good({ nbf: seconds() - 1 })}`],
  ])('takes a token %s', async (_what, token) => {
    expect((await call('/open', token())).status).toBe(200);
  });

  it.each([
    ['of another issuer', () => other.sign({ aud: 'app' }), /the issuer has no key/],
    ['of another issuer in its own words', () => other.sign({ aud: 'app', iss: named }), /has no key/],
    ['for another audience', () => good({ aud: 'x' }), /^the token does not have a valid audience$/],
    ['whose aud is another, whatever its client_id', () => good({ aud: 'x', client_id: 'app' }), /audience/],
    ['without audience', () => good({ aud: undefined }), /audience/],
    ['from another issuer by this key', () => good({ iss: 'https://evil.example' }), /invalid issuer/],
    ['that has expired', () => good({ exp: seconds() - 1 }), /expired/],
    ['that never expires', () => good({ exp: undefined }), /expired/],
    ['whose exp is a text', () => good({ exp: '99999999999' }), /expired/],
    ['that is not good yet', () => good({ nbf: seconds() + 60 }), /not valid yet \(nbf\)/],
    ['issued in the future', () => good({ iat: seconds() + 60 }), /not valid yet \(iat\)/],
    ['with other claims than were signed', () => altered(good()), /signature/],
    ['signed with the public key as a secret', () => unsafely('HS256'), /signing method HS256 is invalid/],
    ['without signature', () => unsafely('none'), /signing method none is invalid/],
    ['signed by a curve', () => onCurve(), /signing method ES256 is invalid/],
    ['that is none', () => 'x.y.z', /header/],
    ['of one word', () => 'x', /malformed/],
    [
      'with a quotation mark in what it names',
      () => good().replace(/^[^.]+/, header({ alg: 'R"\r\nx', kid: 'k' })),
      /signing method R'''x/,
    ],
  ])('refuses a token %s', async (_what, token, why) => {
    const { status, text, headers } = await call('/open', `Bearer ${token()}`);

    expect([status, text]).toEqual([401, '{"message":"Unauthorized"}']);
    // The form: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html
    const description = /^Bearer scope="" error="invalid_token" error_description="(?<why>[^"]*)"$/.exec(
      headers['www-authenticate'] ?? '',
    )?.groups?.why;
    expect(description).toMatch(why);
  });

  it('refuses a request without token', async () => {
    const { status, headers, text } = await api.call('/open');

    expect([status, headers['www-authenticate'], text]).toEqual([
      401,
      'Bearer',
      '{"message":"Unauthorized"}',
    ]);
  });

  it('takes the token where the authorizer says it is', async () => {
    const token = other.sign({ aud: 'app' });

    expect((await api.call(`/query?token=${token}`)).status).toBe(200);
    expect((await call('/query', `Bearer ${token}`)).status).toBe(401);
  });
});

describe('a route that asks for a scope', () => {
  it.each([
    ['in a text', { scope: 'x read' }, ['x', 'read']],
    ['in a list', { scp: ['decide'] }, ['decide']],
  ])('takes a token that has one of its scopes, %s', async (_what, claims, scopes) => {
    const { text } = await call('/scoped', good(claims));

    expect(JSON.parse(text).requestContext.authorizer.jwt.scopes).toEqual(scopes);
  });

  it.each([
    ['none', {}],
    ['others', { scope: 'reader deciding' }],
  ])('refuses a token that has %s', async (_what, claims) => {
    const { status, text, headers } = await call('/scoped', good(claims));

    expect([status, text]).toEqual([403, '{"message":"Forbidden"}']);
    expect(headers['www-authenticate']).toBe('Bearer scope="decide read" error="insufficient_scope"');
  });
});

it('keys are kept: an issuer that is gone, or has another key, changes nothing for tokens of a key that is known', async () => {
  const short = await TestIssuer.start();
  const region = await startHttpApi({
    resources: {
      Short: authorizer(short.issuer, '$request.header.Authorization'),
      Route: guarded('GET /', ref('Short')),
    },
  });
  const before = short.sign({ aud: 'app' });
  const status = async (token: string) =>
    (await region.call('/', { headers: { authorization: token } })).status;

  expect(await status(before)).toBe(200);
  short.rotateKey();
  expect(await status(before)).toBe(200);
  const after = short.sign({ aud: 'app' });
  expect(await status(after)).toBe(200);
  expect(await status(before)).toBe(401);
  await short.stop();
  expect(await status(after)).toBe(200);
  const { headers } = await region.call('/', { headers: { authorization: before } });
  expect(headers['www-authenticate']).toContain('the keys of the issuer cannot be read');
  await region.stop();
});

it('the test issuer gives no token over HTTP, and nothing to a web page', async () => {
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${issuer.address}${path}`, { headers });
  const keys = await (await get('/.well-known/jwks.json')).text();

  expect(await (await get('/.well-known/openid-configuration')).json()).toMatchObject({ issuer: named });
  expect(keys).toContain('"kty":"RSA"');
  expect(keys).not.toContain('"d"');
  expect((await get('/token')).status).toBe(404);
  expect((await get('/.well-known/jwks.json', { origin: 'http://evil.example' })).status).toBe(403);
});

const header = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');

function altered(token: string): string {
  const [head, payload = '', signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return [head, header({ ...claims, sub: 'somebody else' }), signature].join('.');
}

/** The known key's id, with an algorithm that needs no private key. */
function unsafely(alg: 'HS256' | 'none'): string {
  const [head = '', payload] = good().split('.');
  const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString());
  const signed = `${header({ alg, kid })}.${payload}`;
  return `${signed}.${createHmac('sha256', kid).update(signed).digest('base64url')}`;
}

function onCurve(): string {
  const [head = '', payload] = good().split('.');
  const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString());
  const signed = `${header({ alg: 'ES256', kid })}.${payload}`;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return `${signed}.${createSign('sha256').update(signed).sign(privateKey, 'base64url')}`;
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../aws-error.ts';
import { none } from '../../gateway/permissions.ts';
import { restJsonService } from '../../gateway/rest-json-service.ts';
import { place, type Served, serve } from '../services/serve.ts';

let served: Served;

const echo = async (input: unknown) => input;
beforeEach(async () => {
  served = await serve(
    restJsonService({
      signingName: 'things',
      routes: [
        { method: 'POST', path: '/things/{Name}', operation: echo, permissions: none },
        { method: 'GET', path: '/things', operation: echo, permissions: none },
        {
          method: 'DELETE',
          path: '/things/{Name}',
          permissions: none,
          operation: async () => {
            throw new AwsError('ConflictException', 'in use', 409, { ResourceType: 'thing' });
          },
        },
      ],
    }),
  );
});
afterEach(() => served.stop());

async function call(method: string, path: string, body?: string) {
  const scope = `${served.roles.developer.accessKeyId}/20260101/${place.region}/things/aws4_request`;
  const response = await fetch(`${served.clientConfig.endpoint}${path}`, {
    method,
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}` },
    ...(body !== undefined && { body }),
  });
  return {
    status: response.status,
    type: response.headers.get('x-amzn-errortype'),
    body: JSON.parse(await response.text()),
  };
}

describe('a REST-JSON service', () => {
  it.each([
    ['the path', 'POST', '/things/a%2Fb', undefined, { Name: 'a/b' }],
    [
      'the query',
      'GET',
      '/things?NamePrefix=a&MaxResults=2',
      undefined,
      { NamePrefix: 'a', MaxResults: '2' },
    ],
    ['the body', 'POST', '/things/a', '{"State":"ENABLED"}', { Name: 'a', State: 'ENABLED' }],
  ])('reads the input from %s', async (_title, method, path, body, input) => {
    expect(await call(method, path, body)).toMatchObject({ status: 200, body: input });
  });

  it('answers errors as the SDK reads them', async () => {
    expect(await call('DELETE', '/things/a')).toEqual({
      status: 409,
      type: 'ConflictException',
      body: { message: 'in use', Message: 'in use', ResourceType: 'thing' },
    });
  });

  it.each([
    ['another path', 'GET', '/others', undefined, 501, 'NotImplemented'],
    ['another method', 'PATCH', '/things/a', undefined, 501, 'NotImplemented'],
    ['a body that is no JSON', 'POST', '/things/a', '{', 400, 'SerializationException'],
  ])('refuses %s', async (_title, method, path, body, status, type) => {
    expect(await call(method, path, body)).toMatchObject({ status, type });
  });
});

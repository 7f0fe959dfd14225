import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { AwsError } from '../../aws-error.ts';
import { Gateway } from '../../gateway/gateway.ts';
import { Guard } from '../../gateway/guard.ts';
import { jsonService } from '../../gateway/json-service.ts';
import { none } from '../../gateway/permissions.ts';
import { Roles } from '../../gateway/roles.ts';
import type { Call, Service } from '../../gateway/service.ts';
import { unlimited } from '../../iam/access.ts';

const place = { region: 'eu-west-1', accountId: '000000000000' };
let gateway: Gateway;
afterEach(() => gateway.stop());

const faults: string[] = [];
let developer: string;
async function start(services: readonly Service[], roles = new Roles(unlimited)): Promise<void> {
  faults.length = 0;
  developer = roles.developer.accessKeyId;
  gateway = await Gateway.start({ ...place, services, roles, onFault: (_fault, what) => faults.push(what) });
}

/** A call signed for a service by the holder of an access key. */
const call = (
  service: string,
  operation: string,
  { key = developer, ...init }: RequestInit & { key?: string } = {},
) =>
  fetch(gateway.endpoint, {
    method: 'POST',
    body: '{}',
    ...init,
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${key}/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `Target.${operation}`,
      ...init.headers,
    },
  });

const echo = (signingName: string) =>
  jsonService({
    signingName,
    version: '1.0',
    permissions: { Echo: none, Fail: none, Break: none },
    operations: {
      Echo: async (input, { caller, requestId, ...rest }: Call) => ({ signingName, input, caller, ...rest }),
      Fail: async () => {
        throw new AwsError('SomethingWrong', 'too bad', 409, { Detail: [1] });
      },
      Break: async () => {
        throw new Error('a defect');
      },
    },
  });

describe('a call', () => {
  test('goes to the service whose name it is signed for', async () => {
    await start([echo('one'), echo('two')]);

    expect(await (await call('two', 'Echo')).json()).toMatchObject({ signingName: 'two' });
  });

  test('whose content cannot be kept, so that its socket is gone, is a fault that is told', async () => {
    const store: Service = {
      ...echo('store'),
      async handle(request) {
        const ended = new Promise((resolve) => request.socket.once('close', resolve));
        request.destroy();
        await ended;
        Object.defineProperty(request, 'socket', { value: null });
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      },
    };
    await start([store]);

    await expect(call('store', 'Put')).rejects.toThrow();
    await expect.poll(() => faults).toEqual(['store Target.Put']);
  });

  test('brings its region, account, endpoint and the role whose key signed it', async () => {
    const roles = new Roles(unlimited);
    const { accessKeyId } = roles.credentialsFor('arn:aws:iam::000000000000:role/r');
    await start([echo('one')], roles);

    const asRole = await (await call('one', 'Echo', { key: accessKeyId })).json();
    const asDeveloper = await (await call('one', 'Echo')).json();

    expect(asRole).toMatchObject({
      ...place,
      endpoint: gateway.endpoint,
      caller: { accessKeyId, roleArn: 'arn:aws:iam::000000000000:role/r' },
    });
    expect(asDeveloper).toHaveProperty('caller', { accessKeyId: developer });
  });

  test('of a service that is not there is told so', async () => {
    await start([echo('one')]);

    const response = await call('kinesis', 'Echo');

    expect(response.status).toBe(501);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining("'kinesis'") });
  });

  test('without signature is refused', async () => {
    await start([echo('one')]);

    expect((await fetch(gateway.endpoint)).status).toBe(403);
  });
});

describe('a JSON service', () => {
  test('answers an AwsError with its code, status and members', async () => {
    await start([echo('one')]);

    const response = await call('one', 'Fail');

    expect(response.status).toBe(409);
    expect(await response.json()).toEqual({
      __type: 'SomethingWrong',
      message: 'too bad',
      Message: 'too bad',
      Detail: [1],
    });
    expect(faults).toEqual([]);
  });

  test('reports a defect of its own and answers 500', async () => {
    await start([echo('one')]);

    const response = await call('one', 'Break');

    expect(response.status).toBe(500);
    expect(faults).toEqual(['one Target.Break']);
  });

  test.each([
    ['an unknown operation', {}, 'Unknown', 501, 'NotImplemented'],
    ['an inherited property', {}, 'toString', 501, 'NotImplemented'],
    ['another protocol', { headers: { 'content-type': 'application/cbor' } }, 'Echo', 501, 'NotImplemented'],
    ['what is no JSON', { body: '{' }, 'Echo', 400, 'SerializationException'],
    ['what is no object', { body: '[1]' }, 'Echo', 400, 'SerializationException'],
  ])('refuses %s', async (_title, init, operation, status, code) => {
    await start([echo('one')]);

    const response = await call('one', operation, init);

    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ __type: code });
  });

  test('understands compressed input', async () => {
    await start([echo('one')]);

    const body = gzipSync(JSON.stringify({ a: 1 }));
    const response = await call('one', 'Echo', { body, headers: { 'content-encoding': 'gzip' } });

    expect(await response.json()).toMatchObject({ input: { a: 1 } });
  });
});

describe('stopping', () => {
  const waiting = (started: () => void, release: Promise<void>, log: string[]): Service => ({
    signingName: 'slow',
    guard: new Guard('slow', [], {}),
    async handle(_request, response, { caller }) {
      caller.demand(() => []);
      started();
      await release;
      log.push('answered');
      response.end('done');
    },
    async close() {
      log.push('closed');
    },
  });

  test('lets a quick call finish before its service is closed', async () => {
    const log: string[] = [];
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let started: () => void = () => undefined;
    const hasStarted = new Promise<void>((resolve) => {
      started = resolve;
    });
    await start([waiting(started, released, log)]);
    const answer = call('slow', 'Any').then((response) => response.text());
    await hasStarted;

    const stopped = gateway.stop();
    release();
    await stopped;

    expect(await answer).toBe('done');
    expect(log).toEqual(['answered', 'closed']);
  });

  test('does not wait for a call that takes long', async () => {
    const log: string[] = [];
    let started: () => void = () => undefined;
    const hasStarted = new Promise<void>((resolve) => {
      started = resolve;
    });
    await start([waiting(started, new Promise(() => undefined), log)]);
    const answer = call('slow', 'Any').then(
      () => 'answered',
      () => 'cut off',
    );
    await hasStarted;

    await gateway.stop();

    expect(await answer).toBe('cut off');
    expect(log).toEqual(['closed']);
  });
});

test('a client that hangs up is no fault', async () => {
  let started: () => void = () => undefined;
  const hasStarted = new Promise<void>((resolve) => {
    started = resolve;
  });
  let failed: unknown;
  const reader: Service = {
    signingName: 'reader',
    guard: new Guard('reader', [], {}),
    async handle(request) {
      started();
      try {
        for await (const _ of request);
      } catch (error) {
        failed = error;
        throw error;
      }
    },
  };
  await start([reader]);
  const { hostname, port } = new URL(gateway.endpoint);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST / HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-length: 100\r\nauthorization: AWS4-HMAC-SHA256 Credential=${developer}/20260101/eu-west-1/reader/aws4_request\r\n\r\nhalf`,
  );
  await hasStarted;
  socket.destroy();

  await expect.poll(() => failed).toBeDefined();
  expect(faults).toEqual([]);
});

import { afterEach, describe, expect, it } from 'vitest';
import { Gateway } from '../../gateway/gateway.ts';
import { Guard } from '../../gateway/guard.ts';
import { jsonService } from '../../gateway/json-service.ts';
import { none, onEverything, type Permissions } from '../../gateway/permissions.ts';
import { queryService } from '../../gateway/query-service.ts';
import { restJsonService } from '../../gateway/rest-json-service.ts';
import { Roles } from '../../gateway/roles.ts';
import type { Service } from '../../gateway/service.ts';
import { Access } from '../../iam/access.ts';
import { RoleStore } from '../../iam/role-store.ts';

const place = { region: 'eu-west-1', accountId: '000000000000' };
const roleArn = 'arn:aws:iam::000000000000:role/r';
let gateway: Gateway | undefined;
afterEach(() => gateway?.stop());

/** A gateway with a role that may do nothing. */
async function start(service: Service) {
  const store = new RoleStore();
  store.putRole({
    name: 'r',
    arn: roleArn,
    trust: { Statement: [] },
    policies: new Map(),
    managedPolicyArns: [],
  });
  const roles = new Roles(new Access({ ...place, roles: store, onDenied: () => undefined }));
  const faults: string[] = [];
  gateway = await Gateway.start({
    ...place,
    services: [service],
    roles,
    onFault: (fault) => faults.push(String(fault)),
  });
  const { endpoint } = gateway;
  /** Calls `Get` in the service's protocol. */
  const call = async (accessKeyId: string, { headers, body, path = '/' }: Form) => {
    const response = await fetch(new URL(path, endpoint), {
      method: 'POST',
      body,
      headers: {
        ...headers,
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/eu-west-1/things/aws4_request`,
      },
    });
    const code = response.headers.get('x-amzn-errortype') ?? '';
    return { status: response.status, text: `${code} ${await response.text()}` };
  };
  return {
    faults,
    asDeveloper: (form: Form) => call(roles.developer.accessKeyId, form),
    asRole: (form: Form) => call(roles.credentialsFor(roleArn).accessKeyId, form),
  };
}

interface Form {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly path?: string;
}
interface Protocol {
  readonly name: string;
  readonly form: Form;
  readonly denied: number;
  make(operations: readonly string[], permissions: Readonly<Record<string, Permissions>>): Service;
}

const answers = (operations: readonly string[]) =>
  Object.fromEntries(operations.map((name) => [name, async () => ({ Here: 'you are' })]));

const protocols: readonly Protocol[] = [
  {
    name: 'AWS JSON',
    form: {
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'Things.Get' },
      body: '{}',
    },
    denied: 400,
    make: (operations, permissions) =>
      jsonService<string>({
        signingName: 'things',
        version: '1.0',
        operations: answers(operations),
        permissions,
      }),
  },
  {
    name: 'REST-JSON',
    form: { headers: {}, body: '', path: '/Get' },
    denied: 403,
    make: (operations, permissions) => {
      const routes = operations.map((name) => ({
        method: 'POST' as const,
        path: `/${name}`,
        operation: async () => ({ Here: 'you are' }),
        ...(permissions[name] && { permissions: permissions[name] }),
      }));
      // @ts-expect-error a route without permissions does not compile: this is for those who get round the compiler
      return restJsonService({ signingName: 'things', routes });
    },
  },
  {
    name: 'the query protocol',
    form: {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=Get&Version=2010-03-31',
    },
    denied: 403,
    make: (operations, permissions) =>
      queryService<string>({
        signingName: 'things',
        namespace: 'https://things.example/',
        operations: answers(operations),
        permissions,
      }),
  },
];

describe.each(protocols)('a service of $name', ({ make, form, denied }) => {
  it('does not start with an operation without permissions', () => {
    expect(() => make(['Get', 'Put'], { Get: none })).toThrow(/the permissions of .*Put are missing/);
  });

  it('does not let a role do what no policy allows', async () => {
    const { asRole, faults } = await start(make(['Get'], { Get: onEverything('things:Get') }));

    const { status, text } = await asRole(form);

    expect(status).toBe(denied);
    expect(text).toContain('is not authorized to perform: things:Get');
    expect(text).toMatch(/AccessDenied/);
    expect(faults).toEqual([]);
  });

  it('lets a role do what anybody may, and the developer anything', async () => {
    const everybody = await start(make(['Get'], { Get: none }));
    expect(await everybody.asRole(form)).toMatchObject({
      status: 200,
      text: expect.stringContaining('you are'),
    });
    await gateway?.stop();

    const { asDeveloper } = await start(make(['Get'], { Get: onEverything('things:Get') }));
    expect(await asDeveloper(form)).toMatchObject({ status: 200 });
  });
});

describe('a service', () => {
  it.each([
    ['AWS JSON', (permissions: Record<string, Permissions>) => protocols[0]?.make(['Get'], permissions)],
    [
      'the query protocol',
      (permissions: Record<string, Permissions>) => protocols[2]?.make(['Get'], permissions),
    ],
  ])('of %s does not start with permissions of an operation that it has not', (_, make) => {
    expect(() => make({ Get: none, Put: none })).toThrow('there is no operation Put');
  });

  it('without permissions does not compile', () => {
    const operations = { Publish: async () => ({}) };
    // @ts-expect-error no permissions
    expect(() => queryService({ signingName: 'sns', namespace: 'x', operations })).toThrow();
    // @ts-expect-error no permissions
    expect(() => jsonService({ signingName: 'sns', version: '1.0', operations })).toThrow();
    // @ts-expect-error permissions of another operation
    expect(() => queryService({ signingName: 'sns', namespace: 'x', operations, permissions: {} })).toThrow();
    // @ts-expect-error no guard
    const written: Service = { signingName: 'sns', handle: async (_, response) => void response.end() };
    expect(written).not.toHaveProperty('guard');
  });

  it.each([
    ['with a head', 200],
    ['without a head', undefined],
    ['with a redirection', 302],
  ])(
    'that answers %s before it has asked its guard is a fault, and its answer stays here',
    async (_, status) => {
      const { asDeveloper, faults } = await start({
        signingName: 'things',
        guard: new Guard('things', ['Get'], { Get: onEverything('things:Get') }),
        async handle(_request, response) {
          if (status) response.writeHead(status);
          response.end('secret');
        },
      });

      const { status: answered, text } = await asDeveloper({ headers: {}, body: '' });

      expect(answered).toBe(500);
      expect(text).not.toContain('secret');
      expect(faults).toEqual([expect.stringContaining('ask its guard first')]);
    },
  );

  it('that swallows a refusal is a fault too', async () => {
    const guard = new Guard('things', ['Get'], { Get: onEverything('things:Get') });
    const { asRole, faults } = await start({
      signingName: 'things',
      guard,
      async handle(_request, response, call) {
        try {
          guard.ask('Get', {}, call);
        } catch {
          // As a service would that goes on all the same.
        }
        response.end('secret');
      },
    });

    expect(await asRole({ headers: {}, body: '' })).toMatchObject({ status: 500 });
    expect(faults).toHaveLength(1);
  });
});

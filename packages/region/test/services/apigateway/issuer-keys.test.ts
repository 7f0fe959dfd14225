import { createServer, type Server } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { IssuerKeys } from '../../../services/apigateway/issuer-keys.ts';
import { TestIssuer } from '../../../test-issuer.ts';

const hour = 60 * 60 * 1000;
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function startIssuer(): Promise<TestIssuer> {
  const issuer = await TestIssuer.start();
  open.push(() => issuer.stop());
  return issuer;
}

/** A server that answers every path so. */
async function serve(answer: (path: string, address: string) => string | undefined): Promise<string> {
  const server: Server = createServer((request, response) => {
    const text = answer(request.url ?? '', address());
    // Without an answer it hangs, as a network does.
    if (text !== undefined) response.end(text);
  });
  const address = () => {
    const listening = server.address();
    if (listening === null || typeof listening === 'string') throw new Error('It does not listen.');
    return `http://127.0.0.1:${listening.port}`;
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return address();
}

const keyIdOf = (issuer: TestIssuer) => {
  const [header = ''] = issuer.sign({}).split('.');
  return String(JSON.parse(Buffer.from(header, 'base64url').toString()).kid);
};

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
it('a key that its issuer has withdrawn is taken for two hours, and no longer', async () => {
  let now = 0;
  const keys = new IssuerKeys({ addresses: {}, now: () => now });
  const issuer = await startIssuer();
  const keyId = keyIdOf(issuer);
  await keys.find(issuer.issuer, keyId);
  issuer.rotateKey();

  now = 2 * hour - 1;
  await expect(keys.find(issuer.issuer, keyId)).resolves.toBeDefined();
  now = 2 * hour;
  await expect(keys.find(issuer.issuer, keyId)).rejects.toThrow(`the issuer has no key '${keyId}'`);
});

const discovery = (issuer: string) => JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` });

it.each([
  ['that is not JSON', () => 'hello', /not valid JSON/],
  ['of another issuer', () => discovery('https://other.example'), /the document is of 'https:\/\/other/],
  ['without keys', (path: string, at: string) => (path === '/keys' ? '{}' : discovery(at)), /keys/],
  [
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
    'with a key set of more than 150,000 bytes',
    (path: string, at: string) => (path === '/keys' ? `{"keys":[]}${' '.repeat(150_000)}` : discovery(at)),
    /longer than 150000 bytes/,
  ],
  ['that never comes', () => undefined, /timeout/],
])(
  'the keys of an issuer with a document %s are not taken, and the error says why',
  async (_what, answer, why) => {
    const address = await serve(answer);
    const keys = new IssuerKeys({ addresses: {}, now: () => 0 });

    await expect(keys.find(address, 'k')).rejects.toMatchObject({
      name: 'TokenError',
      message: expect.stringMatching(why),
    });
  },
);

import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { foreignRequest } from './gateway/foreign-request.ts';

/** What a token says, beside `iss`, `iat` and `exp`, which the issuer adds unless they are given. */
export type TestClaims = Readonly<Record<string, unknown>>;

export interface TestIssuerOptions {
  /** 0 (the default) takes a free port. */
  readonly port?: number;
  /** What tokens name as their issuer; the address of this server unless told. */
  readonly issuer?: string;
  /** What the tokens of some persons say, by a name for each. */
  readonly personas?: Readonly<Record<string, TestClaims>>;
}

interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly jwk: object;
}

const lifetimeSeconds = 3600;

/**
 * An issuer of tokens for tests and laptops: it signs whatever its owner asks it to, with a key of its own start. Over HTTP it gives
 * its discovery document and its public keys, and no token. Nothing but a region on this machine should trust it.
 */
export class TestIssuer {
  readonly #server: Server;
  readonly #options: TestIssuerOptions;
  #key = newKey();

  private constructor(options: TestIssuerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(options: TestIssuerOptions = {}): Promise<TestIssuer> {
    const issuer = new TestIssuer(options);
    await new Promise<void>((resolve, reject) => {
      issuer.#server.once('error', reject);
      issuer.#server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    return issuer;
  }

  /** Where the discovery document is: without `/.well-known/openid-configuration`. */
  get address(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** What tokens name as their issuer. */
  get issuer(): string {
    return this.#options.issuer ?? this.address;
  }

  /** A token of RS256 that says this. It is good for an hour unless the claims say otherwise. */
  sign(claims: TestClaims): string {
    const now = Math.floor(Date.now() / 1000);
    const { id, privateKey } = this.#key;
    const parts = [
      { alg: 'RS256', typ: 'JWT', kid: id },
      { iss: this.issuer, iat: now, exp: now + lifetimeSeconds, ...claims },
    ];
    const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
  }

  /** A token of one of the personas. @throws RangeError when there is none of that name */
  tokenOf(persona: string): string {
    const personas = this.#options.personas ?? {};
    const claims = Object.hasOwn(personas, persona) ? personas[persona] : undefined;
    if (claims) return this.sign(claims);
    const known = Object.keys(personas).join(', ') || 'none';
    throw new RangeError(`The test issuer has no persona '${persona}'. It has: ${known}.`);
  }

  /** From now on signs with another key, and no longer publishes the one before. */
  rotateKey(): void {
    this.#key = newKey();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get #port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The test issuer is not listening.');
    return address.port;
  }

  #answer({ headers, method, url }: IncomingMessage, response: ServerResponse): void {
    const documents: Readonly<Record<string, object>> = {
      '/.well-known/openid-configuration': this.#discovery(),
      '/.well-known/jwks.json': { keys: [this.#key.jwk] },
    };
    const foreign = foreignRequest(headers, this.#port);
    const path = url ?? '/';
    const found = method === 'GET' && Object.hasOwn(documents, path) ? documents[path] : undefined;
    const statusCode = foreign === undefined ? (found ? 200 : 404) : 403;
    response.writeHead(statusCode, { 'content-type': 'application/json' });
    response.end(JSON.stringify(statusCode === 200 ? found : { message: foreign ?? 'Not Found' }));
  }

  #discovery() {
    return {
      issuer: this.issuer,
      jwks_uri: `${this.address}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ['RS256'],
      subject_types_supported: ['public'],
      response_types_supported: ['none'],
    };
  }
}

function newKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const id = randomUUID();
  return {
    id,
    privateKey,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid: id, use: 'sig', alg: 'RS256' },
  };
}

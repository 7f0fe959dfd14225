import { createPublicKey, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { TokenError } from './token.ts';

/** AWS's quotas: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html. */
const timeoutMilliseconds = 1500;
const largestKeySetBytes = 150_000;
/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html */
const cachedMilliseconds = 2 * 60 * 60 * 1000;

const discoverySchema = z.looseObject({ issuer: z.string(), jwks_uri: z.url() });
const keySetSchema = z.looseObject({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().optional(), use: z.string().optional() })),
});

interface CachedKeys {
  readonly readAt: number;
  readonly byId: ReadonlyMap<string, KeyObject>;
}

interface IssuerKeysOptions {
  /** Where an issuer's discovery document is served, if not at the issuer's own address. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly now: () => number;
}

/** The public keys of issuers, found by their discovery documents. */
export class IssuerKeys {
  readonly #options: IssuerKeysOptions;
  readonly #cached = new Map<string, CachedKeys>();

  constructor(options: IssuerKeysOptions) {
    this.#options = options;
  }

  /** A key that the issuer has published since is found at once; one that it has withdrawn is accepted for two hours. @throws TokenError */
  async find(issuer: string, keyId: string): Promise<KeyObject> {
    const known = this.#cached.get(issuer);
    const isFresh = known !== undefined && this.#options.now() - known.readAt < cachedMilliseconds;
    const cached = isFresh ? known.byId.get(keyId) : undefined;
    if (cached) return cached;
    const byId = await this.#read(issuer);
    this.#cached.set(issuer, { readAt: this.#options.now(), byId });
    const found = byId.get(keyId);
    if (!found) throw new TokenError(`the issuer has no key '${keyId}'`);
    return found;
  }

  async #read(issuer: string): Promise<ReadonlyMap<string, KeyObject>> {
    const { addresses } = this.#options;
    const base = Object.hasOwn(addresses, issuer) ? addresses[issuer] : issuer;
    const address = `${base?.replace(/\/$/, '')}/.well-known/openid-configuration`;
    try {
      const discovered = discoverySchema.parse(await readJson(address));
      if (discovered.issuer !== issuer) throw new Error(`the document is of '${discovered.issuer}'`);
      return publicKeys(keySetSchema.parse(await readJson(discovered.jwks_uri)));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new TokenError(`the keys of the issuer cannot be read from ${address}: ${why}`);
    }
  }
}

async function readJson(address: string): Promise<unknown> {
  const response = await fetch(address, { signal: AbortSignal.timeout(timeoutMilliseconds) });
  if (!response.ok) throw new Error(`${address} answers ${response.status}`);
  const text = await response.text();
  if (text.length > largestKeySetBytes)
    throw new Error(`${address} is longer than ${largestKeySetBytes} bytes`);
  return JSON.parse(text);
}

/** Keys that are not of RSA, or not for signatures, are none of HTTP APIs'. */
function publicKeys({ keys }: z.infer<typeof keySetSchema>): Map<string, KeyObject> {
  return new Map(
    keys.flatMap((jwk) => {
      if (jwk.kty !== 'RSA' || jwk.kid === undefined || (jwk.use ?? 'sig') !== 'sig') return [];
      return [[jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]];
    }),
  );
}

import { type KeyObject, verify } from 'node:crypto';
import * as z from 'zod';
import type { JwtAuthorizer } from './http-apis.ts';
import { claimsSchema, type TokenClaims } from './token-claims.ts';

/** By the name in a token's header: HTTP APIs take signatures of RSA only. */
const digests: Readonly<Record<string, string>> = { RS256: 'sha256', RS384: 'sha384', RS512: 'sha512' };

/** Why a token is not good, in words for `www-authenticate`. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
}

export interface Token {
  readonly keyId: string;
  readonly claims: TokenClaims;
  /** @throws TokenError when another key has signed it */
  checkSignature(key: KeyObject): void;
}

const headerSchema = z.looseObject({ alg: z.string(), kid: z.string() });

/** @throws TokenError for what is no token, or signed by an algorithm that HTTP APIs do not take */
export function readToken(text: string): Token {
  const [header = '', payload = '', signature = '', ...others] = text.split('.');
  if (signature === '' || others.length > 0) throw new TokenError('the token is malformed');
  const { alg, kid } = parsed(header, headerSchema, 'the header of the token has no alg or no kid');
  const digest = Object.hasOwn(digests, alg) ? digests[alg] : undefined;
  if (digest === undefined) throw new TokenError(`signing method ${alg} is invalid`);
  return {
    keyId: kid,
    claims: parsed(payload, claimsSchema, 'the claims of the token are not a JSON object'),
    checkSignature(key) {
      const signed = Buffer.from(`${header}.${payload}`);
      if (!verify(digest, signed, key, Buffer.from(signature, 'base64url')))
        throw new TokenError('the signature of the token is invalid');
    },
  };
}

function parsed<Schema extends z.ZodType>(part: string, schema: Schema, problem: string): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));
  } catch {
    throw new TokenError(problem);
  }
}

/**
 * Checks what a token says of itself: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html.
 * `client_id` counts where there is no `aud`. A token without `exp` is refused.
 * @param now in milliseconds since the epoch
 * @throws TokenError
 */
export function checkClaims(claims: TokenClaims, { issuer, audience }: JwtAuthorizer, now: number): void {
  const seconds = now / 1000;
  if (claims.iss !== issuer) throw new TokenError('the token has an invalid issuer');
  const given = [claims.aud ?? claims.client_id].flat();
  if (!given.some((each) => typeof each === 'string' && audience.includes(each)))
    throw new TokenError('the token does not have a valid audience');
  if (!(typeof claims.exp === 'number' && claims.exp > seconds))
    throw new TokenError('the token has expired');
  for (const name of ['nbf', 'iat']) {
    const moment = claims[name];
    if (moment !== undefined && !(typeof moment === 'number' && moment <= seconds))
      throw new TokenError(`the token is not valid yet (${name})`);
  }
}

import type { ApiRequest } from './api-request.ts';
import type { Authorization, JwtAuthorizer } from './http-apis.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import { ApiRefusal } from './refusal.ts';
import { checkClaims, readToken, TokenError } from './token.ts';
import { claimsAsTexts, scopesOf, type TokenClaims } from './token-claims.ts';

/** `requestContext.authorizer.jwt` */
export interface JwtContext {
  readonly claims: Readonly<Record<string, string>>;
  /** Of the token; null where the route asks for none. */
  readonly scopes: readonly string[] | null;
}

/**
 * Admits a request by its token.
 * @throws ApiRefusal 401 without a good token, and 403 when the token has none of the route's scopes. The form of
 * `www-authenticate` is AWS's (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html),
 * and so are the words about the audience; the others are the region's own.
 */
export async function authorizeByToken(
  request: ApiRequest,
  { authorizer, scopes }: Extract<Authorization, { kind: 'jwt' }>,
  keys: IssuerKeys,
  now: number,
): Promise<JwtContext> {
  const given = tokenIn(request, authorizer);
  if (given === '') throw new ApiRefusal(401, 'Unauthorized', { 'www-authenticate': 'Bearer' });
  const claims = await goodClaims(given, authorizer, keys, now);
  if (scopes.length === 0) return { claims: claimsAsTexts(claims), scopes: null };
  const held = scopesOf(claims);
  if (!held.some((scope) => scopes.includes(scope)))
    throw new ApiRefusal(403, 'Forbidden', {
      'www-authenticate': `Bearer scope="${scopes.join(' ')}" error="insufficient_scope"`,
    });
  return { claims: claimsAsTexts(claims), scopes: held };
}

/** The token alone, or behind `Bearer `. */
function tokenIn({ headers, query }: ApiRequest, { source }: JwtAuthorizer): string {
  const given = source.kind === 'header' ? headers[source.name.toLowerCase()] : query[source.name];
  return (given ?? '').replace(/^bearer /i, '').trim();
}

async function goodClaims(
  text: string,
  authorizer: JwtAuthorizer,
  keys: IssuerKeys,
  now: number,
): Promise<TokenClaims> {
  try {
    const token = readToken(text);
    token.checkSignature(await keys.find(authorizer.issuer, token.keyId));
    checkClaims(token.claims, authorizer, now);
    return token.claims;
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    // A quotation mark or a line break of the token's own would end the header's value.
    const description = error.message.replace(/[^\x20-\x7e]|["\\]/g, "'");
    throw new ApiRefusal(401, 'Unauthorized', {
      'www-authenticate': `Bearer scope="" error="invalid_token" error_description="${description}"`,
    });
  }
}

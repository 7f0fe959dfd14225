import type { RouteKey } from './route-key.ts';

/** Requests a second, and how many at once. */
export interface Rate {
  readonly perSecond: number;
  readonly atOnce: number;
}

/** A function that answers. */
export interface ApiIntegration {
  readonly functionName: string;
  /** `undefined` for what the function is now. */
  readonly version: string | undefined;
  readonly timeoutMilliseconds: number;
}

/** Which tokens are good. */
export interface JwtAuthorizer {
  /** Where a request has its token. */
  readonly source: { readonly kind: 'header' | 'querystring'; readonly name: string };
  readonly issuer: string;
  readonly audience: readonly string[];
}

/** Who may call a route. */
export type Authorization =
  | { readonly kind: 'none' }
  | { readonly kind: 'iam' }
  | { readonly kind: 'jwt'; readonly authorizer: JwtAuthorizer; readonly scopes: readonly string[] };

export interface ApiRoute {
  readonly key: RouteKey;
  readonly integration: ApiIntegration;
  readonly authorization: Authorization;
}

/** The stage `$default`, which every other change reaches at once. */
export interface Stage {
  /** Of each route that has no rate of its own. */
  readonly rate: Rate | undefined;
  /** By the text of the route's key. */
  readonly routeRates: ReadonlyMap<string, Rate>;
  readonly variables: Readonly<Record<string, string>> | undefined;
}

export interface HttpApi {
  readonly apiId: string;
  readonly integrations: Map<string, ApiIntegration>;
  readonly authorizers: Map<string, JwtAuthorizer>;
  readonly routes: ApiRoute[];
  stage: Stage | undefined;
}

/** The HTTP APIs of the templates. They are made again at every start. */
export class HttpApis {
  readonly #apis = new Map<string, HttpApi>();

  create(apiId: string): void {
    this.#apis.set(apiId, {
      apiId,
      integrations: new Map(),
      authorizers: new Map(),
      routes: [],
      stage: undefined,
    });
  }

  find(apiId: string): HttpApi | undefined {
    return this.#apis.get(apiId);
  }
}

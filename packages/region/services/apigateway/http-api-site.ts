import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { AwsError } from '../../aws-error.ts';
import type { Clock } from '../../clock.ts';
import type { GuardedResponse } from '../../gateway/guarded-response.ts';
import type { Roles } from '../../gateway/roles.ts';
import type { GatewaySite } from '../../gateway/site.ts';
import { Throttle } from '../../gateway/throttle.ts';
import { AccessDeniedError } from '../../iam/denial.ts';
import type { LambdaService } from '../lambda/lambda-service.ts';
import { apiAddress } from './api-address.ts';
import { type ApiRequest, payloadTooLarge, readApiRequest } from './api-request.ts';
import { authorizeBySignature, publicKeyId } from './authorize-by-signature.ts';
import { authorizeByToken } from './authorize-by-token.ts';
import type { ApiRoute, HttpApi, HttpApis, Rate } from './http-apis.ts';
import { IssuerKeys } from './issuer-keys.ts';
import { type ProxyAnswer, proxyAnswer } from './proxy-answer.ts';
import { type ProxyEventOptions, proxyEvent } from './proxy-event.ts';
import { ApiRefusal, internalServerError, notFound } from './refusal.ts';
import { defaultRoute, selectRoute } from './route-key.ts';

export interface HttpApiSiteOptions {
  readonly apis: HttpApis;
  readonly lambda: Pick<LambdaService, 'invoke'>;
  readonly roles: Roles;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  /** Where the discovery documents of issuers are served, if not at the issuers' own addresses. */
  readonly issuers?: Readonly<Record<string, string>>;
}

/** What Lambda takes, in bytes. */
const largestEventBytes = 6 * 1024 * 1024;

/** Answers requests to the HTTP APIs of the templates. */
export class HttpApiSite implements GatewaySite {
  readonly name = 'execute-api';
  readonly #options: HttpApiSiteOptions;
  readonly #keys: IssuerKeys;
  readonly #throttles = new WeakMap<ApiRoute, Throttle>();

  constructor(options: HttpApiSiteOptions) {
    this.#options = options;
    this.#keys = new IssuerKeys({ addresses: options.issuers ?? {}, now: () => options.clock.now() });
  }

  owns(request: IncomingMessage): boolean {
    return apiAddress(request) !== undefined;
  }

  async handle(request: IncomingMessage, response: GuardedResponse, requestId: string): Promise<void> {
    response.setHeader('apigw-requestid', requestId);
    try {
      write(response, await this.#answer(request, response, requestId));
    } catch (error) {
      if (!(error instanceof ApiRefusal)) throw error;
      const { statusCode, headers, message } = error;
      response.writeHead(statusCode, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify({ message }));
    }
  }

  async #answer(
    incoming: IncomingMessage,
    response: GuardedResponse,
    requestId: string,
  ): Promise<ProxyAnswer> {
    const { apiId, target } = apiAddress(incoming) ?? { apiId: '', target: '/' };
    const api = this.#options.apis.find(apiId);
    const request = await readApiRequest(incoming, target);
    if (!api?.stage) throw notFound();
    const selected = selectRoute(api.routes, request.method, request.path);
    if (!selected) throw notFound();
    const { route, parameters } = selected;
    this.#throttle(route, api);
    const { accountId, clock } = this.#options;
    const admitted = await this.#authorize(request, route, api);
    response.decided();
    const event = proxyEvent({
      ...admitted,
      routeKey: route.key.text,
      parameters,
      stageVariables: api.stage.variables,
      apiId,
      accountId,
      requestId,
      now: clock.now(),
    });
    return proxyAnswer(await this.#invoke(JSON.stringify(event), route, api, request.method));
  }

  /** @throws ApiRefusal 429 */
  #throttle(route: ApiRoute, { stage }: HttpApi): void {
    const rate: Rate | undefined = stage?.routeRates.get(route.key.text) ?? stage?.rate;
    if (!rate) return;
    const { clock } = this.#options;
    const throttle =
      this.#throttles.get(route) ??
      new Throttle(
        rate.perSecond,
        () => clock.now(),
        () => clock.waitMilliseconds(1),
        rate.atOnce,
      );
    this.#throttles.set(route, throttle);
    try {
      throttle.take();
    } catch (error) {
      if (error instanceof AwsError) throw new ApiRefusal(429, 'Too Many Requests');
      throw error;
    }
  }

  /** @returns the request as its function may see it, and what the authorizer found @throws ApiRefusal 401 or 403 */
  async #authorize(
    request: ApiRequest,
    { authorization }: ApiRoute,
    { apiId }: HttpApi,
  ): Promise<Pick<ProxyEventOptions, 'request' | 'authorizer'>> {
    const { roles, clock } = this.#options;
    switch (authorization.kind) {
      case 'none':
        return { request, authorizer: undefined };
      case 'jwt': {
        const jwt = await authorizeByToken(request, authorization, this.#keys, clock.now());
        return { request, authorizer: { jwt } };
      }
      case 'iam': {
        const { caller, context } = authorizeBySignature(request, apiId, roles, this.#options);
        const { accessKeyId } = caller;
        // Whoever knows a key may use it here, so the function gets another in its place.
        const shown = request.headers.authorization?.replaceAll(accessKeyId, publicKeyId(accessKeyId));
        return {
          request: { ...request, headers: { ...request.headers, ...(shown && { authorization: shown }) } },
          authorizer: { iam: context },
        };
      }
    }
  }

  /** @returns the function's result as JSON @throws ApiRefusal 413, 500 or 503 */
  async #invoke(
    payload: string,
    { key, integration }: ApiRoute,
    { apiId }: HttpApi,
    method: string,
  ): Promise<string> {
    if (Buffer.byteLength(payload) > largestEventBytes) throw payloadTooLarge();
    const { lambda, region, accountId } = this.#options;
    const { functionName, version, timeoutMilliseconds } = integration;
    const path = key.segments === undefined ? defaultRoute : `${method}/${key.segments.join('/')}`;
    this.#assertPermission(
      `arn:aws:execute-api:${region}:${accountId}:${apiId}/${defaultRoute}/${path}`,
      `arn:aws:lambda:${region}:${accountId}:function:${functionName}${version === undefined ? '' : `:${version}`}`,
    );
    const timer = new AbortController();
    const timeout = delay(timeoutMilliseconds, undefined, { signal: timer.signal, ref: false });
    const invocation = lambda.invoke(functionName, payload, version);
    try {
      const result = await Promise.race([invocation, timeout]);
      // As in AWS the function runs on.
      if (result === undefined) throw new ApiRefusal(503, 'Service Unavailable');
      if (result.functionError) throw internalServerError();
      return result.payload;
    } catch (error) {
      if (error instanceof AwsError) throw internalServerError();
      throw error;
    } finally {
      timer.abort();
      for (const left of [invocation, timeout]) left.catch(() => undefined);
    }
  }

  /** The function's own policy says which routes may invoke it. */
  #assertPermission(sourceArn: string, functionArn: string): void {
    try {
      this.#options.roles.demandOfService('apigateway.amazonaws.com', sourceArn, {
        action: 'lambda:InvokeFunction',
        resource: functionArn,
      });
    } catch (error) {
      if (error instanceof AccessDeniedError) throw internalServerError();
      throw error;
    }
  }
}

function write(response: GuardedResponse, { statusCode, headers, cookies, body }: ProxyAnswer): void {
  if (cookies.length > 0) response.setHeader('set-cookie', [...cookies]);
  const hasLength = statusCode !== 204 && statusCode !== 304;
  response.writeHead(statusCode, { ...headers, ...(hasLength && { 'content-length': body.length }) });
  response.end(body);
}

import type { ApiRequest } from './api-request.ts';
import type { IamContext } from './authorize-by-signature.ts';
import type { JwtContext } from './authorize-by-token.ts';
import { defaultRoute, type PathParameters } from './route-key.ts';

export interface ProxyEventOptions {
  readonly request: ApiRequest;
  readonly routeKey: string;
  readonly parameters: PathParameters;
  readonly authorizer: { readonly iam: IamContext } | { readonly jwt: JwtContext } | undefined;
  readonly stageVariables: Readonly<Record<string, string>> | undefined;
  readonly apiId: string;
  readonly accountId: string;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Content that a function gets as text; any other comes in base64. As measured on AWS: https://github.com/ministackorg/ministack/pull/766. */
const textTypes = /^(?:text\/.*|application\/(?:json|xml|javascript))$/;

/**
 * What a function gets: payload format 2.0,
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html. Members without a value
 * are left out, as an event shows that was recorded: https://github.com/DefinitelyTyped/DefinitelyTyped/pull/75458.
 */
export function proxyEvent(options: ProxyEventOptions) {
  const { request, routeKey, parameters, authorizer, stageVariables, apiId, accountId, requestId, now } =
    options;
  const { method, path, rawQuery, query, headers, cookies, protocol, sourceIp, body } = request;
  const isText = textTypes.test((headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '');
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: rawQuery,
    ...(cookies.length > 0 && { cookies }),
    headers: { ...headers, ...gatewayHeaders(options) },
    ...(hasMembers(query) && { queryStringParameters: query }),
    requestContext: {
      accountId,
      apiId,
      ...(authorizer && { authorizer }),
      domainName: domainName(apiId),
      domainPrefix: apiId,
      http: { method, path, protocol, sourceIp, userAgent: headers['user-agent'] ?? '' },
      requestId,
      routeKey,
      stage: defaultRoute,
      time: logTime(now),
      timeEpoch: now,
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    ...(hasMembers(parameters) && { pathParameters: parameters }),
    isBase64Encoded: body.length > 0 && !isText,
    ...(stageVariables && { stageVariables }),
  };
}

/** What the gateway adds; what a client sends of the kind stands before it. */
function gatewayHeaders({ request, requestId, now }: ProxyEventOptions): Record<string, string> {
  const { headers, sourceIp } = request;
  const seconds = Math.floor(now / 1000).toString(16);
  return {
    'x-forwarded-for': [headers['x-forwarded-for'], sourceIp].filter((each) => each !== undefined).join(', '),
    'x-forwarded-port': /:(?<port>\d+)$/.exec(headers.host ?? '')?.groups?.port ?? '80',
    'x-forwarded-proto': 'http',
    'x-amzn-trace-id': `Root=1-${seconds}-${requestId.replaceAll('-', '').slice(0, 24)}`,
  };
}

/** The host by which an API is called, without the port. */
export const domainName = (apiId: string): string => `${apiId}.execute-api.localhost`;

const hasMembers = (object: object) => Object.keys(object).length > 0;

/** As logs have it: `12/Mar/2020:19:03:58 +0000`. */
function logTime(now: number): string {
  const [, day, month, year, time] = new Date(now).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

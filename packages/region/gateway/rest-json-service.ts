import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError, unsupported } from '../aws-error.ts';
import { AccessDeniedError } from '../iam/denial.ts';
import { Guard } from './guard.ts';
import { type JsonOperation, readBody } from './json-service.ts';
import type { Permissions } from './permissions.ts';
import type { Call, Service } from './service.ts';

/** An operation of a service that speaks REST-JSON: its method, its path with `{Label}`s, and what it does. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** Gets one object: the labels of the path, the query and the members of the body. */
  readonly operation: JsonOperation;
  /** What the caller must be allowed to do. */
  readonly permissions: Permissions;
}

interface RestJsonServiceOptions {
  readonly signingName: string;
  readonly routes: readonly Route[];
  readonly close?: () => Promise<void>;
}

/**
 * A service of the REST-JSON protocol, as far as its inputs and outputs are JSON.
 * @throws Error when a route has no permissions
 */
export function restJsonService({ signingName, routes, close }: RestJsonServiceOptions): Service {
  const compiled = routes.map((route) => ({
    ...route,
    name: `${route.method} ${route.path}`,
    pattern: patternOf(route.path),
  }));
  const guard = new Guard(
    signingName,
    compiled.map(({ name }) => name),
    Object.fromEntries(
      compiled.flatMap(({ name, permissions }) => (permissions ? [[name, permissions]] : [])),
    ),
  );
  return {
    signingName,
    guard,
    async handle(request, response, call) {
      try {
        const url = new URL(request.url ?? '/', 'http://localhost');
        const found = compiled.flatMap(({ name, method, pattern, operation }) => {
          const match = method === request.method ? pattern.exec(url.pathname) : null;
          return match ? [{ name, operation, labels: match.groups ?? {} }] : [];
        })[0];
        if (!found) throw unsupported(`${signingName} ${request.method} ${url.pathname}`);
        const labels = Object.fromEntries(
          Object.entries(found.labels).map(([name, value]) => [name, decodeURIComponent(value)]),
        );
        const input = { ...(await bodyOf(request)), ...Object.fromEntries(url.searchParams), ...labels };
        guard.ask(found.name, input, call);
        send(response, 200, call, (await found.operation(input, call)) ?? {});
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const { code, message, members } = error;
        const statusCode = error instanceof AccessDeniedError ? 403 : error.statusCode;
        response.setHeader('x-amzn-errortype', code);
        send(response, statusCode, call, { message, Message: message, ...members });
      }
    },
    ...(close && { close }),
  };
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}/?$`);
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const text = (await readBody(request)).toString('utf8');
  if (text === '') return {};
  try {
    return Object(JSON.parse(text));
  } catch {
    throw new AwsError('SerializationException', 'The body of the request is not a JSON object.');
  }
}

function send(response: ServerResponse, status: number, call: Call, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-requestid': call.requestId });
  response.end(JSON.stringify(body));
}

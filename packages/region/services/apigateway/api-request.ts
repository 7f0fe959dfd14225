import type { IncomingMessage } from 'node:http';
import { connectionHeaders } from './connection-headers.ts';
import { ApiRefusal } from './refusal.ts';

/** A request to an HTTP API, as its routes and functions see it. */
export interface ApiRequest {
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  readonly rawQuery: string;
  /** Decoded; values of one name joined by commas. */
  readonly query: Readonly<Record<string, string>>;
  /** By name in lower case; values of one name joined by commas. Without cookies. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly protocol: string;
  readonly sourceIp: string;
  readonly body: Buffer;
}

/** AWS's quotas: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html. */
const largestHeadBytes = 10_240;
const largestBodyBytes = 10 * 1024 * 1024;

/** @param target path and query, as the API sees them @throws ApiRefusal for a request that is too large */
export async function readApiRequest(request: IncomingMessage, target: string): Promise<ApiRequest> {
  checkHead(request);
  const { method = 'GET', rawHeaders, httpVersion, socket } = request;
  const [path = '/', ...rest] = target.split('?');
  const rawQuery = rest.join('?');
  const pairs = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? ''] as const] : [],
  );
  const isOfConnection = (name: string) => name !== 'content-length' && connectionHeaders.includes(name);
  const isCookie = ([name]: readonly [string, string]) => name === 'cookie';
  return {
    method,
    path,
    rawQuery,
    query: joined([...new URLSearchParams(rawQuery)]),
    headers: joined(pairs.filter((pair) => !isCookie(pair) && !isOfConnection(pair[0]))),
    cookies: pairs.filter(isCookie).flatMap(([, value]) => value.split(/;\s*/)),
    protocol: `HTTP/${httpVersion}`,
    sourceIp: socket.remoteAddress ?? '127.0.0.1',
    body: await readAtMost(request, largestBodyBytes),
  };
}

/** The request line and the values of all headers count together. */
function checkHead({ method = '', url = '', httpVersion, rawHeaders }: IncomingMessage): void {
  const values = rawHeaders.filter((_, index) => index % 2 === 1);
  const bytes = [`${method} ${url} HTTP/${httpVersion}`, ...values].reduce(
    (sum, text) => sum + Buffer.byteLength(text, 'latin1'),
    0,
  );
  if (bytes > largestHeadBytes) throw new ApiRefusal(431, 'Request Header Fields Too Large');
}

/** Reads to the end, so that the client hears the answer, and keeps no more than it may. */
async function readAtMost(request: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= most) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (bytes > most) throw payloadTooLarge();
  return Buffer.concat(chunks);
}

export const payloadTooLarge = () => new ApiRefusal(413, 'Request Entity Too Large');

function joined(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(values);
}

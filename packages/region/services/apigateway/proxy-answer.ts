import { validateHeaderName, validateHeaderValue } from 'node:http';
import * as z from 'zod';
import { connectionHeaders } from './connection-headers.ts';
import { internalServerError } from './refusal.ts';

/** What a function's result comes to on the wire. */
export interface ProxyAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

const resultSchema = z.looseObject({
  statusCode: z.int().min(200).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/**
 * Reads a result in format 2.0. A result without `statusCode` is the body itself, as JSON; a text is the body as it is.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * @param payload the result as JSON
 * @throws ApiRefusal 500 for a result of another form
 */
export function proxyAnswer(payload: string): ProxyAnswer {
  const result: unknown = JSON.parse(payload);
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) return inferred(result);
  const read = resultSchema.safeParse(result);
  if (!read.success) throw internalServerError();
  const { statusCode, headers, cookies, body, isBase64Encoded } = read.data;
  const own = Object.entries(headers ?? {}).flatMap(([name, value]) => {
    const lower = name.toLowerCase();
    return connectionHeaders.includes(lower) ? [] : [[lower, checked(lower, String(value))]];
  });
  return {
    statusCode,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...Object.fromEntries(own) },
    cookies: (cookies ?? []).map((cookie) => checked('set-cookie', cookie)),
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** @throws ApiRefusal 500 for what no header can be */
function checked(name: string, value: string): string {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return value;
  } catch {
    throw internalServerError();
  }
}

const inferred = (result: unknown): ProxyAnswer => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  cookies: [],
  body: Buffer.from(typeof result === 'string' ? result : JSON.stringify(result)),
});

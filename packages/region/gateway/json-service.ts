import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import * as z from 'zod';
import { AwsError, unsupported } from '../aws-error.ts';
import { AccessDeniedError } from '../iam/denial.ts';
import { Guard } from './guard.ts';
import type { Permissions } from './permissions.ts';
import type { Call, Service } from './service.ts';

/** An operation of a service that speaks AWS JSON: input and output are plain JSON. */
export type JsonOperation = (input: Record<string, unknown>, call: Call) => Promise<unknown>;

interface JsonServiceOptions<Name extends string> {
  readonly signingName: string;
  /** `1.0` or `1.1`: the version in the `application/x-amz-json-` content type. */
  readonly version: '1.0' | '1.1';
  /** By operation name, as it stands after the dot of `X-Amz-Target`. */
  readonly operations: Readonly<Record<Name, JsonOperation>>;
  /** Of every operation: what its caller must be allowed to do. */
  readonly permissions: Readonly<Record<NoInfer<Name>, Permissions>>;
  /** The code of a refusal, where it is not `AccessDeniedException`. */
  readonly deniedCode?: string;
  /** The codes that errors had in the service's query protocol, which clients in Python and others go by; the same where none is given. */
  readonly queryCodes?: Readonly<Record<string, string>>;
  readonly close?: () => Promise<void>;
}

/**
 * A service of the AWS JSON 1.0 or 1.1 protocol: `POST /` with the operation in `X-Amz-Target`.
 * @throws Error when an operation has no permissions
 */
export function jsonService<Name extends string>({
  signingName,
  version,
  operations,
  permissions,
  deniedCode,
  queryCodes,
  close,
}: JsonServiceOptions<Name>): Service {
  const byName = new Map<string, JsonOperation>(Object.entries(operations));
  const guard = new Guard(signingName, Object.keys(operations), permissions);
  return {
    signingName,
    guard,
    async handle(request, response, call) {
      const operationName =
        String(request.headers['x-amz-target'] ?? '')
          .split('.')
          .at(-1) ?? '';
      try {
        const operation = byName.get(operationName);
        if (operation === undefined) throw unsupported(`${signingName}:${operationName}`);
        const input = await readInput(request, signingName);
        guard.ask(operationName, input, call);
        const output = await operation(input, call);
        send(response, 200, version, call, output ?? {});
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const { message, statusCode, members } = error;
        const code = error instanceof AccessDeniedError ? (deniedCode ?? error.code) : error.code;
        if (queryCodes) {
          const fault = statusCode < 500 ? 'Sender' : 'Receiver';
          response.setHeader('x-amzn-query-error', `${queryCodes[code] ?? code};${fault}`);
        }
        send(response, statusCode, version, call, { __type: code, message, Message: message, ...members });
      }
    },
    ...(close && { close }),
  };
}

/** A JSON object; none is the empty one. SDKs compress large requests of some services. */
async function readInput(request: IncomingMessage, signingName: string): Promise<Record<string, unknown>> {
  const contentType = request.headers['content-type'] ?? '';
  if (!contentType.startsWith('application/x-amz-json-'))
    throw unsupported(`${signingName} in the protocol of ${contentType || 'a request without content type'}`);
  const body = await readBody(request);
  const isCompressed = request.headers['content-encoding'] === 'gzip';
  const text = (isCompressed ? await promisify(gunzip)(body) : body).toString('utf8');
  try {
    return inputSchema.parse(text === '' ? {} : JSON.parse(text));
  } catch {
    throw new AwsError('SerializationException', 'The body of the request is not a JSON object.');
  }
}

const inputSchema = z.record(z.string(), z.unknown());

/** The whole body of a request. For calls whose size AWS bounds; S3 streams instead. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, version: string, call: Call, body: unknown): void {
  response.writeHead(status, {
    'content-type': `application/x-amz-json-${version}`,
    'x-amzn-requestid': call.requestId,
  });
  response.end(JSON.stringify(body));
}

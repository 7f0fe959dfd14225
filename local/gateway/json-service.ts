import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';
import { AwsError, unsupported } from './aws-error.ts';
import type { Call, Service } from './service.ts';

/** An operation of a service that speaks AWS JSON: input and output are plain JSON. */
export type JsonOperation = (input: Record<string, unknown>, call: Call) => Promise<unknown>;

interface JsonServiceOptions {
  readonly signingName: string;
  /** `1.0` or `1.1`: the version in the `application/x-amz-json-` content type. */
  readonly version: '1.0' | '1.1';
  /** By operation name, as it stands after the dot of `X-Amz-Target`. */
  readonly operations: Readonly<Record<string, JsonOperation>>;
  readonly close?: () => Promise<void>;
}

/** A service of the AWS JSON 1.0 or 1.1 protocol: `POST /` with the operation in `X-Amz-Target`. */
export function jsonService({ signingName, version, operations, close }: JsonServiceOptions): Service {
  return {
    signingName,
    async handle(request, response, call) {
      const operationName =
        String(request.headers['x-amz-target'] ?? '')
          .split('.')
          .at(-1) ?? '';
      try {
        const operation = Object.hasOwn(operations, operationName) ? operations[operationName] : undefined;
        if (operation === undefined) throw unsupported(`${signingName}:${operationName}`);
        const output = await operation(await readInput(request, signingName), call);
        send(response, 200, version, call, output ?? {});
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const { code, message, statusCode, members } = error;
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

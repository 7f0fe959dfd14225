import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError, unsupported } from '../../aws-error.ts';
import { readBody } from '../../gateway/json-service.ts';
import type { Functions } from './functions.ts';

/** Payload limits of AWS, in bytes: 6 MB synchronously, 1 MB for events. */
const largestPayloadBytes = {
  RequestResponse: 6 * 1024 * 1024,
  Event: 1024 * 1024,
  DryRun: 1024 * 1024,
} as const;

/** `POST /2015-03-31/functions/{name}/invocations` */
export async function invoke(
  functions: Functions,
  { name, version }: { readonly name: string; readonly version: string | undefined },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const type = String(request.headers['x-amz-invocation-type'] ?? 'RequestResponse');
  if (type !== 'RequestResponse' && type !== 'Event' && type !== 'DryRun') {
    throw new AwsError('InvalidParameterValueException', `Unknown invocation type: ${type}`);
  }
  if (request.headers['x-amz-log-type'] === 'Tail') throw unsupported('lambda:Invoke with LogType Tail');
  if (request.headers['x-amz-client-context'] !== undefined) {
    throw unsupported('lambda:Invoke with a ClientContext');
  }
  if (type === 'Event' && version !== undefined)
    throw unsupported('lambda:Invoke of a version with an Event');
  const payload = payloadOf(await readBody(request), largestPayloadBytes[type]);
  // The version is in the error's message, also where the request names none (LocalStack 8b9a79f, test_no_such_function).
  functions.get(name, version ?? '$LATEST');
  if (type === 'DryRun') {
    response.writeHead(204).end();
  } else if (type === 'Event') {
    response.writeHead(202, { 'x-amzn-requestid': functions.invokeLater(name, payload) }).end();
  } else {
    const result = await functions.invoke(name, payload, version);
    response.writeHead(200, {
      'content-type': 'application/json',
      'x-amzn-requestid': result.requestId,
      'x-amz-executed-version': version ?? '$LATEST',
      ...(result.functionError && { 'x-amz-function-error': result.functionError }),
    });
    response.end(result.payload);
  }
}

/** The payload's text, which must be JSON; none is an empty object. */
function payloadOf(body: Buffer, limit: number): string {
  if (body.length > limit) {
    const message = `${body.length} byte payload is too large for the Invoke operation (limit ${limit} bytes)`;
    throw new AwsError('RequestTooLargeException', message, 413);
  }
  const text = body.length === 0 ? '{}' : body.toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    const message = `Could not parse request body into json: ${String(error)}`;
    throw new AwsError('InvalidRequestContentException', message);
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError, unsupported } from '../../aws-error.ts';
import { Guard } from '../../gateway/guard.ts';
import { readBody } from '../../gateway/json-service.ts';
import type { Call, Service } from '../../gateway/service.ts';
import type { Context } from '../sagemaker/context.ts';
import type { EndpointStates } from '../sagemaker/endpoint-states.ts';
import { invokeEndpointRequest } from '../sagemaker/permissions.ts';
import { invokeEndpoint } from './invoke-endpoint.ts';

/** SageMaker's runtime, REST-JSON: `POST /endpoints/<name>/invocations`. */
export function runtimeService(context: Context, endpoints: EndpointStates): Service {
  const guard = new Guard<string>('sagemaker', ['InvokeEndpoint'], {
    InvokeEndpoint: (endpointName, place) => [invokeEndpointRequest(endpointName, place)],
  });
  return {
    signingName: 'sagemaker',
    guard,
    async handle(request, response, call) {
      try {
        const endpointName = endpointNameOf(request);
        guard.ask('InvokeEndpoint', endpointName, call);
        const { headers } = request;
        const answer = await invokeEndpoint(context, endpoints, {
          endpointName,
          headers,
          body: await readBody(request),
        });
        response.writeHead(200, { ...answer.headers, 'x-amzn-requestid': call.requestId });
        response.end(answer.body);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        sendError(response, call, error);
      }
    },
  };
}

function endpointNameOf({ method, url = '' }: IncomingMessage): string {
  const name = /^\/endpoints\/([^/?]+)\/invocations$/.exec(url)?.[1];
  if (method !== 'POST' || name === undefined) throw unsupported(`sagemaker-runtime ${method} ${url}`);
  return decodeURIComponent(name);
}

function sendError(
  response: ServerResponse,
  call: Call,
  { code, message, statusCode, members }: AwsError,
): void {
  response.writeHead(statusCode, {
    'content-type': 'application/json',
    'x-amzn-errortype': code,
    'x-amzn-requestid': call.requestId,
  });
  response.end(JSON.stringify({ message, Message: message, ...members }));
}

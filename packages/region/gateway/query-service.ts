import type { ServerResponse } from 'node:http';
import { XMLBuilder } from 'fast-xml-parser';
import { AwsError, unsupported } from '../aws-error.ts';
import { readBody } from './json-service.ts';
import type { Call, Service } from './service.ts';

/** An operation of a service that speaks the query protocol. Lists of its result are `{ member: [...] }`. */
export type QueryOperation = (parameters: URLSearchParams, call: Call) => Readonly<Record<string, unknown>>;

interface QueryServiceOptions {
  readonly signingName: string;
  /** The XML namespace of its answers. */
  readonly namespace: string;
  /** By the parameter `Action`. */
  readonly operations: Readonly<Record<string, QueryOperation>>;
}

const builder = new XMLBuilder({ ignoreAttributes: false });

/** A service of the query protocol: a form in, XML out. */
export function queryService({ signingName, namespace, operations }: QueryServiceOptions): Service {
  const attributes = { '@_xmlns': namespace };
  const answer = (response: ServerResponse, status: number, requestId: string, document: object) =>
    response
      .writeHead(status, { 'content-type': 'text/xml', 'x-amzn-requestid': requestId })
      .end(builder.build(document));
  const answerError = (response: ServerResponse, requestId: string, error: AwsError) => {
    const { code, message, statusCode } = error;
    const Type = statusCode < 500 ? 'Sender' : 'Receiver';
    answer(response, statusCode, requestId, {
      ErrorResponse: { ...attributes, Error: { Type, Code: code, Message: message }, RequestId: requestId },
    });
  };
  return {
    signingName,
    async handle(request, response, call) {
      const { requestId } = call;
      try {
        const parameters = new URLSearchParams((await readBody(request)).toString('utf8'));
        const action = parameters.get('Action') ?? '';
        const operation = Object.hasOwn(operations, action) ? operations[action] : undefined;
        if (!operation) throw unsupported(`${signingName}:${action || 'a call without Action'}`);
        answer(response, 200, requestId, {
          [`${action}Response`]: {
            ...attributes,
            [`${action}Result`]: operation(parameters, call),
            ResponseMetadata: { RequestId: requestId },
          },
        });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        answerError(response, requestId, error);
      }
    },
    answerError: (_request, response, requestId, error) => answerError(response, requestId, error),
  };
}

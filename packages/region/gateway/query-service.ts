import type { ServerResponse } from 'node:http';
import { XMLBuilder } from 'fast-xml-parser';
import { AwsError, unsupported } from '../aws-error.ts';
import { AccessDeniedError } from '../iam/denial.ts';
import { Guard } from './guard.ts';
import { readBody } from './json-service.ts';
import type { Input, Permissions } from './permissions.ts';
import type { Call, Service } from './service.ts';

/**
 * An operation of a service that speaks the query protocol. Its input has the form's parameters as texts, by their names
 * (`StackName`, `Tags.member.1.Key`), without `Action` and `Version`. Lists of its result are `{ member: [...] }`.
 */
export type QueryOperation = (
  input: Input,
  call: Call,
) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>;

interface QueryServiceOptions<Name extends string> {
  readonly signingName: string;
  /** The XML namespace of its answers. */
  readonly namespace: string;
  /** By the parameter `Action`. */
  readonly operations: Readonly<Record<Name, QueryOperation>>;
  /** Of every operation: what its caller must be allowed to do. */
  readonly permissions: Readonly<Record<NoInfer<Name>, Permissions>>;
  /** The code of a refusal, where it is not `AccessDenied`. */
  readonly deniedCode?: string;
  readonly close?: () => Promise<void>;
}

const builder = new XMLBuilder({ ignoreAttributes: false });

/**
 * A service of the query protocol: a form in, XML out.
 * @throws Error when an operation has no permissions
 */
export function queryService<Name extends string>({
  signingName,
  namespace,
  operations,
  permissions,
  deniedCode = 'AccessDenied',
  close,
}: QueryServiceOptions<Name>): Service {
  const byName = new Map<string, QueryOperation>(Object.entries(operations));
  const guard = new Guard(signingName, Object.keys(operations), permissions);
  const attributes = { '@_xmlns': namespace };
  const answer = (response: ServerResponse, status: number, requestId: string, document: object) =>
    response
      .writeHead(status, { 'content-type': 'text/xml', 'x-amzn-requestid': requestId })
      .end(builder.build(document));
  const answerError = (response: ServerResponse, requestId: string, error: AwsError) => {
    const isDenied = error instanceof AccessDeniedError;
    const Code = isDenied ? deniedCode : error.code;
    const statusCode = isDenied ? 403 : error.statusCode;
    const Type = statusCode < 500 ? 'Sender' : 'Receiver';
    answer(response, statusCode, requestId, {
      ErrorResponse: {
        ...attributes,
        Error: { Type, Code, Message: error.message },
        RequestId: requestId,
      },
    });
  };
  return {
    signingName,
    guard,
    async handle(request, response, call) {
      const { requestId } = call;
      try {
        const form = new URLSearchParams((await readBody(request)).toString('utf8'));
        const { Action: action = '', Version: _, ...input } = Object.fromEntries(form);
        const operation = byName.get(action);
        if (!operation) throw unsupported(`${signingName}:${action || 'a call without Action'}`);
        guard.ask(action, input, call);
        answer(response, 200, requestId, {
          [`${action}Response`]: {
            ...attributes,
            [`${action}Result`]: await operation(input, call),
            ResponseMetadata: { RequestId: requestId },
          },
        });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        answerError(response, requestId, error);
      }
    },
    answerError: (_request, response, requestId, error) => answerError(response, requestId, error),
    ...(close && { close }),
  };
}

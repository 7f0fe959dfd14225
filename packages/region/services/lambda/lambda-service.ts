import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError, unsupported } from '../../aws-error.ts';
import type { Call, Service } from '../../gateway/service.ts';
import { AccessDeniedError } from '../../iam/denial.ts';
import type { FunctionConfiguration } from './function-configuration.ts';
import { functionNameOf, qualifierOf } from './function-name.ts';
import { Functions, type LambdaOptions } from './functions.ts';
import { getFunction, getFunctionConfiguration } from './get-function.ts';
import { invoke } from './invoke.ts';

/** Lambda in the local region: the protocol, and what the CloudFormation loader uses. */
export interface LambdaService extends Service {
  /** Invocations that run at the same time, over all functions. */
  readonly concurrency: number;
  /** Creates a function, or replaces the one of that name. Returns its ARN. */
  createFunction(configuration: FunctionConfiguration): Promise<string>;
  deleteFunction(name: string): Promise<void>;
  /** Keeps a function as it is now. Returns the version: the same for the same key, also after a restart. */
  publishVersion(name: string, key: string): string;
  /** Takes up asynchronous invocations that an earlier run left. Call it when the functions exist. */
  resume(): void;
  /** Ends every worker. What runs is lost, or run again when it was an event. */
  close(): Promise<void>;
}

/** AWS Lambda: functions of the nodejs24.x runtime in worker processes. Signing name `lambda`. */
export function lambdaService(options: LambdaOptions): LambdaService {
  const functions = new Functions(options);
  return {
    signingName: 'lambda',
    concurrency: functions.concurrency,
    createFunction: (configuration) => functions.create(configuration),
    deleteFunction: (name) => functions.delete(name),
    publishVersion: (name, key) => functions.publish(name, key),
    resume: () => functions.resume(),
    close: () => functions.close(),
    async handle(request: IncomingMessage, response: ServerResponse, call: Call): Promise<void> {
      try {
        await route(functions, request, response, call);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        sendError(response, error, call);
      }
    },
  };
}

const path = /^\/2015-03-31\/functions\/(?<name>[^/]+)(?<rest>\/.*)?$/;

async function route(
  functions: Functions,
  request: IncomingMessage,
  response: ServerResponse,
  { caller }: Call,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const { name: encodedName, rest = '' } = path.exec(pathname)?.groups ?? {};
  if (encodedName === undefined) throw unsupported(`lambda ${request.method} ${pathname}`);
  const reference = decodeURIComponent(encodedName);
  const name = functionNameOf(reference);
  const version = versionOf(searchParams.get('Qualifier') ?? qualifierOf(reference));
  const demand = (action: string) =>
    caller.demand(() => [{ action, resource: functions.arn(name, version) }]);
  switch (`${request.method} ${rest}`) {
    case 'POST /invocations':
      demand('lambda:InvokeFunction');
      return invoke(functions, { name, version }, request, response);
    case 'GET ':
      demand('lambda:GetFunction');
      return sendJson(response, getFunction(functions, name));
    case 'GET /configuration':
      demand('lambda:GetFunctionConfiguration');
      return sendJson(response, getFunctionConfiguration(functions, name));
    default:
      throw unsupported(`lambda ${request.method} ${pathname}`);
  }
}

/** `undefined` for what the function is now. Aliases are not served. */
function versionOf(qualifier: string | undefined): string | undefined {
  if (qualifier === undefined || qualifier === '$LATEST') return undefined;
  if (/^\d+$/.test(qualifier)) return qualifier;
  throw unsupported(`lambda with the qualifier ${qualifier}`);
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendError(response: ServerResponse, error: AwsError, { requestId }: Call): void {
  response.writeHead(error instanceof AccessDeniedError ? 403 : error.statusCode, {
    'content-type': 'application/json',
    'x-amzn-errortype': error.code,
    'x-amzn-requestid': requestId,
  });
  const Type = error.statusCode < 500 ? 'User' : 'Service';
  response.end(JSON.stringify({ Type, Message: error.message, message: error.message }));
}

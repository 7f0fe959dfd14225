import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError, unsupported } from '../../aws-error.ts';
import { Guard } from '../../gateway/guard.ts';
import type { PermissionsOf } from '../../gateway/permissions.ts';
import type { Call, Service } from '../../gateway/service.ts';
import { AccessDeniedError } from '../../iam/denial.ts';
import type { FunctionConfiguration, InvocationResult } from './function-configuration.ts';
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
  /** Invokes for a service that may, and waits. @throws AwsError `ResourceNotFoundException` */
  invoke(name: string, payload: string, version?: string): Promise<InvocationResult>;
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
  const onFunction =
    (action: string): PermissionsOf<FunctionReference> =>
    ({ name, version }) => [{ action, resource: functions.arn(name, version) }];
  const guard = new Guard<FunctionReference>('lambda', Object.values(operations), {
    Invoke: onFunction('lambda:InvokeFunction'),
    GetFunction: onFunction('lambda:GetFunction'),
    GetFunctionConfiguration: onFunction('lambda:GetFunctionConfiguration'),
  });
  return {
    signingName: 'lambda',
    guard,
    concurrency: functions.concurrency,
    createFunction: (configuration) => functions.create(configuration),
    deleteFunction: (name) => functions.delete(name),
    invoke: async (name, payload, version) => await functions.invoke(name, payload, version),
    publishVersion: (name, key) => functions.publish(name, key),
    resume: () => functions.resume(),
    close: () => functions.close(),
    async handle(request: IncomingMessage, response: ServerResponse, call: Call): Promise<void> {
      try {
        await route(functions, guard, request, response, call);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        sendError(response, error, call);
      }
    },
  };
}

const path = /^\/2015-03-31\/functions\/(?<name>[^/]+)(?<rest>\/.*)?$/;

/** What is served, by method and path after the function's name. */
const operations: Readonly<Record<string, 'Invoke' | 'GetFunction' | 'GetFunctionConfiguration'>> = {
  'POST /invocations': 'Invoke',
  'GET ': 'GetFunction',
  'GET /configuration': 'GetFunctionConfiguration',
};

/** What a call is about. */
interface FunctionReference {
  readonly name: string;
  /** `undefined` for what the function is now. */
  readonly version: string | undefined;
}

async function route(
  functions: Functions,
  guard: Guard<FunctionReference>,
  request: IncomingMessage,
  response: ServerResponse,
  call: Call,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const { name: encodedName, rest = '' } = path.exec(pathname)?.groups ?? {};
  if (encodedName === undefined) throw unsupported(`lambda ${request.method} ${pathname}`);
  const reference = decodeURIComponent(encodedName);
  const name = functionNameOf(reference);
  const version = versionOf(searchParams.get('Qualifier') ?? qualifierOf(reference));
  const asked = `${request.method} ${rest}`;
  const operation = Object.hasOwn(operations, asked) ? operations[asked] : undefined;
  if (!operation) throw unsupported(`lambda ${request.method} ${pathname}`);
  guard.ask(operation, { name, version }, call);
  switch (operation) {
    case 'Invoke':
      return invoke(functions, { name, version }, request, response);
    case 'GetFunction':
      return sendJson(response, getFunction(functions, name));
    case 'GetFunctionConfiguration':
      return sendJson(response, getFunctionConfiguration(functions, name));
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

import { NormalizedSchema } from '@smithy/core/schema';
import type { Roles } from '../../gateway/roles.ts';
import type { Json } from '../machine-definition.schema.ts';
import { runtimeError } from '../state-error.ts';
import { type SdkService, sdkServices } from './sdk-services.client.ts';
import { fromSdk, type TimeForm, toSdk } from './sdk-shapes.client.ts';

export interface SdkOptions {
  readonly roles: Roles;
  readonly endpoint: () => string;
  readonly region: string;
}

export interface SdkRequest {
  /** Key of `sdkServices`. */
  readonly service: string;
  /** In camel case: `describeEndpoint`. */
  readonly action: string;
  readonly parameters: Json;
  /** Whose credentials sign it. */
  readonly roleArn: string;
  readonly signal: AbortSignal;
  /** `iso` unless told. */
  readonly times?: TimeForm;
}

export interface SdkAnswer {
  readonly output: Json;
  readonly requestId: string;
  readonly statusCode: number;
}

/** What a service answered instead of a result, or (without a status code) why it was not reached. */
export class SdkFailure extends Error {
  override readonly name = 'SdkFailure';

  constructor(
    /** The exception's name, when the SDK's model of the operation knows it. */
    readonly modelled: string | undefined,
    readonly code: string,
    readonly text: string,
    readonly statusCode: number | undefined,
    readonly requestId: string,
  ) {
    super(`${code}: ${text}`);
  }
}

interface Client {
  send(command: object, options: { readonly abortSignal: AbortSignal }): Promise<object>;
  destroy(): void;
}

/** Calls any operation of the installed SDK clients over the wire, as a role. Keeps a client per service and role. */
export class Sdk {
  readonly #options: SdkOptions;
  readonly #clients = new Map<string, Promise<Client>>();

  constructor(options: SdkOptions) {
    this.#options = options;
  }

  /** @throws SdkFailure; StateError `States.Runtime` when there is no such service, operation or parameter */
  async send(request: SdkRequest): Promise<SdkAnswer> {
    const { service, action, signal } = request;
    const library = await serviceOf(service).load();
    const { command, output } = commandOf(library, request);
    const client = await this.#client(request, library);
    try {
      const response = await client.send(command, { abortSignal: signal });
      const { requestId, statusCode } = metadataOf(response);
      return {
        output: await fromSdk(output, response, request.times ?? 'iso'),
        requestId,
        statusCode: statusCode ?? 200,
      };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Error)) throw new Error(`${service}:${action} threw ${String(error)}`);
      throw failureOf(error, library);
    }
  }

  async close(): Promise<void> {
    for (const client of await Promise.all(this.#clients.values())) client.destroy();
    this.#clients.clear();
  }

  #client({ service, roleArn }: SdkRequest, library: object): Promise<Client> {
    const key = `${service} ${roleArn}`;
    const known = this.#clients.get(key);
    if (known) return known;
    const made = Promise.resolve(this.#makeClient(library, roleArn));
    this.#clients.set(key, made);
    return made;
  }

  #makeClient(library: object, roleArn: string): Client {
    const { roles, endpoint, region } = this.#options;
    const name = Object.keys(library).find((key) => /^[A-Z]\w*Client$/.test(key));
    const client = construct(library, name ?? '', {
      endpoint: endpoint(),
      region,
      credentials: roles.credentialsFor(roleArn),
      // A machine's own Retry says what is tried again.
      maxAttempts: 1,
    });
    if (!isClient(client)) throw new Error(`${name} is not an SDK client.`);
    return client;
  }
}

function serviceOf(service: string): SdkService {
  const found = Object.hasOwn(sdkServices, service) ? sdkServices[service] : undefined;
  if (found) return found;
  throw runtimeError(
    `The local region has no SDK client for '${service}'; it has ${Object.keys(sdkServices).join(', ')}.`,
  );
}

/** The command for a request, and the shape of its answer. */
function commandOf(
  library: object,
  { service, action, parameters }: SdkRequest,
): { command: object; output: NormalizedSchema } {
  const name = `${action.charAt(0).toUpperCase()}${action.slice(1)}Command`;
  const schema = schemaOf(construct(library, name, {}));
  if (schema === undefined) throw runtimeError(`There is no action '${action}' in ${service}.`);
  const command = construct(library, name, toSdk(schema.input, parameters));
  return { command: Object(command), output: schema.output };
}

/** A static operation schema of the SDK is `[9, namespace, name, traits, input, output]`. */
function schemaOf(command: unknown): { input: NormalizedSchema; output: NormalizedSchema } | undefined {
  if (typeof command !== 'object' || command === null || !('schema' in command)) return undefined;
  const { schema } = command;
  if (!Array.isArray(schema)) return undefined;
  return { input: NormalizedSchema.of(schema[4]), output: NormalizedSchema.of(schema[5]) };
}

/** `new library[name](parameter)`, or nothing when the library exports no such class. */
function construct(library: object, name: string, parameter: unknown): unknown {
  const exported: unknown = Reflect.get(library, name);
  return typeof exported === 'function' ? Reflect.construct(exported, [parameter]) : undefined;
}

const isClient = (value: unknown): value is Client =>
  typeof value === 'object' && value !== null && 'send' in value && 'destroy' in value;

function metadataOf(value: object): { requestId: string; statusCode: number | undefined } {
  const metadata = '$metadata' in value ? Object(value.$metadata) : {};
  const { requestId, httpStatusCode } = metadata;
  return {
    requestId: typeof requestId === 'string' ? requestId : '',
    statusCode: typeof httpStatusCode === 'number' ? httpStatusCode : undefined,
  };
}

function failureOf(error: Error, library: object): SdkFailure {
  const { requestId, statusCode } = metadataOf(error);
  const modelled: unknown = Reflect.get(library, error.name);
  const isModelled = typeof modelled === 'function' && error instanceof modelled;
  return new SdkFailure(
    isModelled ? error.name : undefined,
    error.name,
    error.message,
    statusCode,
    requestId,
  );
}

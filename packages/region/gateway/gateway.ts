import { randomUUID } from 'node:crypto';
import { createServer, IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { AwsError } from '../aws-error.ts';
import { diskTrouble } from '../store/disk-trouble.ts';
import { foreignRequest } from './foreign-request.ts';
import { GuardedResponse } from './guarded-response.ts';
import type { Roles } from './roles.ts';
import type { Caller, Service } from './service.ts';
import type { GatewaySite } from './site.ts';

interface GatewayOptions {
  readonly services: readonly Service[];
  /** What answers by address. Web pages are refused before. */
  readonly sites?: readonly GatewaySite[];
  readonly roles: Roles;
  readonly region: string;
  readonly accountId: string;
  /** 0 (the default) takes a free port. */
  readonly port?: number;
  /** Told of faults of the local region itself, never of errors that AWS would report too. */
  readonly onFault?: (fault: unknown, what: string) => void;
}

/** How long `stop` waits for calls under way. A long poll may take 20 s, and nobody waits for that. */
const graceMilliseconds = 1000;

/** One HTTP endpoint on loopback for every service, as `AWS_ENDPOINT_URL` expects. */
export class Gateway {
  readonly #server: Server<typeof IncomingMessage, typeof GuardedResponse>;
  readonly #options: GatewayOptions;
  readonly #services: ReadonlyMap<string, Service>;
  /** Calls under way. */
  readonly #calls = new Set<Promise<void>>();
  #isStopping = false;

  private constructor(options: GatewayOptions) {
    this.#options = options;
    this.#services = new Map(options.services.map((service) => [service.signingName, service]));
    this.#server = createServer({ IncomingMessage, ServerResponse: GuardedResponse }, (request, response) =>
      this.#track(this.#answer(request, response)),
    );
    // A handler may think for minutes between two calls on one kept-alive socket.
    this.#server.keepAliveTimeout = 120_000;
    this.#server.requestTimeout = 0;
  }

  static async start(options: GatewayOptions): Promise<Gateway> {
    const gateway = new Gateway(options);
    await new Promise<void>((resolve, reject) => {
      gateway.#server.once('error', reject);
      gateway.#server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    return gateway;
  }

  get endpoint(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The gateway is not listening.');
    return `http://127.0.0.1:${address.port}`;
  }

  /** Takes no more calls, lets those under way finish if they are quick, hangs up on the rest, closes the services. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#isStopping = true;
    await Promise.race([Promise.all(this.#calls), delay(graceMilliseconds, undefined, { ref: false })]);
    this.#server.closeAllConnections();
    for (const service of this.#services.values()) await service.close?.();
    await closed;
  }

  #track(call: Promise<void>): void {
    this.#calls.add(call);
    void call.finally(() => this.#calls.delete(call));
  }

  async #answer(request: IncomingMessage, response: GuardedResponse): Promise<void> {
    if (this.#isStopping) {
      response.writeHead(503, { connection: 'close' }).end();
      return;
    }
    const requestId = randomUUID();
    const admitted = this.#admit(request);
    if (admitted instanceof AwsError) {
      const addressed = this.#services.get(credentialScope(request)?.service ?? '');
      answerError(addressed, request, response, requestId, admitted);
      return;
    }
    if ('site' in admitted) {
      await this.#visit(admitted.site, request, response, requestId);
      return;
    }
    const { service, caller } = admitted;
    try {
      await service.handle(request, response, {
        caller: response.guarded(caller),
        region: this.#options.region,
        accountId: this.#options.accountId,
        requestId,
        endpoint: this.endpoint,
      });
    } catch (fault) {
      this.#fail(fault, service, service.signingName, request, response, requestId);
    }
  }

  async #visit(
    site: GatewaySite,
    request: IncomingMessage,
    response: GuardedResponse,
    requestId: string,
  ): Promise<void> {
    try {
      await site.handle(request, response, requestId);
    } catch (fault) {
      this.#fail(fault, undefined, site.name, request, response, requestId);
    }
  }

  /** Tells of a fault, and answers it. */
  #fail(
    fault: unknown,
    service: Service | undefined,
    name: string,
    request: IncomingMessage,
    response: GuardedResponse,
    requestId: string,
  ): void {
    // A call that `stop` cut off may fail in any way.
    if (this.#isStopping || isClientGone(fault, request)) return;
    const what = `${name} ${request.headers['x-amz-target'] ?? `${request.method} ${request.url}`}`;
    this.#options.onFault?.(fault, what);
    if (response.headersSent) response.destroy();
    else answerError(service, request, response, requestId, faultError(fault));
  }

  /** Who calls which service, or which site; or why the call is refused. Nothing of its body has been read. */
  #admit(request: IncomingMessage): { service: Service; caller: Caller } | { site: GatewaySite } | AwsError {
    const foreign = foreignRequest(request.headers, Number(new URL(this.endpoint).port || 80));
    if (foreign !== undefined) return new AwsError('AccessDenied', foreign, 403);
    if (isPresigned(request)) return new AwsError('AccessDenied', presignedMessage, 403);
    const site = this.#options.sites?.find((each) => each.owns(request));
    if (site) return { site };
    const scope = credentialScope(request);
    if (!scope) return new AwsError('MissingAuthenticationToken', unsignedMessage, 403);
    const caller = this.#options.roles.callerOf(scope.accessKeyId);
    if (!caller) return new AwsError(unknownKeyCode(scope.service), unknownKeyMessage, 403);
    const service = this.#services.get(scope.service);
    const message = `The local region has no service '${scope.service}'. See packages/region/SUPPORT.md.`;
    return service ? { service, caller } : new AwsError('NotImplemented', message, 501);
  }
}

const unsignedMessage =
  'The call is not signed with AWS Signature Version 4; use an AWS SDK or the aws command.';
const presignedMessage =
  'The local region takes no credentials in a query, where a web page could put them: sign the call in its Authorization header.';
const unknownKeyMessage =
  'The access key is none of this region. It has a new one at every start: export what npm start has printed last.';

/** What AWS calls a key that it does not know. */
const unknownKeyCode = (service: string) =>
  service === 's3' ? 'InvalidAccessKeyId' : 'UnrecognizedClientException';

/** Writes an error as the protocol of the service has it; in both JSON protocols' form where no service is known. */
function answerError(
  service: Service | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  error: AwsError,
): void {
  if (service?.answerError) {
    service.answerError(request, response, requestId, error);
    return;
  }
  const { code, message, statusCode, members } = error;
  response.writeHead(statusCode, {
    'content-type': 'application/json',
    'x-amzn-errortype': code,
    'x-amzn-requestid': requestId,
  });
  response.end(JSON.stringify({ __type: code, message, Message: message, ...members }));
}

/** A fault of the region itself, as a caller sees it. */
function faultError(fault: unknown): AwsError {
  const message = diskTrouble(fault) ?? `local region: ${String(fault)}`;
  return new AwsError('InternalFailure', message, 500);
}

/** Whether the client hung up before it had sent or received everything, which is no fault of ours. */
function isClientGone(fault: unknown, request: IncomingMessage): boolean {
  const code = fault instanceof Error && 'code' in fault ? fault.code : undefined;
  if (code !== 'ECONNRESET' && code !== 'ERR_STREAM_PREMATURE_CLOSE') return false;
  return isCutOff(request);
}

/** Whether nobody hears an answer any more. A request that was destroyed has lost its socket, whatever its type says. */
const isCutOff = ({ socket }: { readonly socket: { readonly destroyed: boolean } | null }): boolean =>
  socket === null || socket.destroyed;

/** Access key and service from the header of Signature Version 4. */
function credentialScope(request: IncomingMessage): { accessKeyId: string; service: string } | undefined {
  const credential = /Credential=([^,\s]+)/.exec(request.headers.authorization ?? '')?.[1];
  const [accessKeyId, , , service] = (credential ?? '').split('/');
  return accessKeyId && service ? { accessKeyId, service } : undefined;
}

/** Whether a query carries credentials of Signature Version 4 or 2, in any case. */
function isPresigned(request: IncomingMessage): boolean {
  const names = [...new URLSearchParams(request.url?.split('?')[1]).keys()].map((name) => name.toLowerCase());
  return names.some((name) => ['x-amz-credential', 'x-amz-signature', 'awsaccesskeyid'].includes(name));
}

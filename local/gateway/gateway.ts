import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Roles } from './roles.ts';
import type { Service } from './service.ts';

interface GatewayOptions {
  readonly services: readonly Service[];
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
  readonly #server: Server;
  readonly #options: GatewayOptions;
  readonly #services: ReadonlyMap<string, Service>;
  /** Calls under way. */
  readonly #calls = new Set<Promise<void>>();
  #isStopping = false;

  private constructor(options: GatewayOptions) {
    this.#options = options;
    this.#services = new Map(options.services.map((service) => [service.signingName, service]));
    this.#server = createServer((request, response) => this.#track(this.#answer(request, response)));
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

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#isStopping) {
      response.writeHead(503, { connection: 'close' }).end();
      return;
    }
    const requestId = randomUUID();
    const scope = credentialScope(request);
    const service = scope && this.#services.get(scope.service);
    if (!scope || !service) {
      response.writeHead(scope ? 501 : 403, { 'content-type': 'application/json' });
      const message = scope
        ? `The local region has no service '${scope.service}'. See local/SUPPORT.md.`
        : 'The call is not signed with AWS Signature Version 4; use an AWS SDK or the aws command.';
      response.end(
        JSON.stringify({ __type: scope ? 'NotImplemented' : 'MissingAuthenticationToken', message }),
      );
      return;
    }
    try {
      await service.handle(request, response, {
        caller: this.#options.roles.callerOf(scope.accessKeyId),
        region: this.#options.region,
        accountId: this.#options.accountId,
        requestId,
        endpoint: this.endpoint,
      });
    } catch (fault) {
      // A call that `stop` cut off may fail in any way.
      if (this.#isStopping || isClientGone(fault, request)) return;
      const what = `${scope.service} ${request.headers['x-amz-target'] ?? `${request.method} ${request.url}`}`;
      this.#options.onFault?.(fault, what);
      if (response.headersSent) response.destroy();
      else {
        response.writeHead(500, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify({ __type: 'InternalFailure', message: `local region: ${String(fault)}` }),
        );
      }
    }
  }
}

/** Whether the client hung up before it had sent or received everything, which is no fault of ours. */
function isClientGone(fault: unknown, request: IncomingMessage): boolean {
  const code = fault instanceof Error && 'code' in fault ? fault.code : undefined;
  return request.socket.destroyed && (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE');
}

/** Access key and service from a SigV4 header, or from the query of a presigned URL. */
function credentialScope(request: IncomingMessage): { accessKeyId: string; service: string } | undefined {
  const header = /Credential=([^,\s]+)/.exec(request.headers.authorization ?? '')?.[1];
  const query = new URLSearchParams(request.url?.split('?')[1]).get('X-Amz-Credential');
  const [accessKeyId, , , service] = (header ?? query ?? '').split('/');
  return accessKeyId && service ? { accessKeyId, service } : undefined;
}

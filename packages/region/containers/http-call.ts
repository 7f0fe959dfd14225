import { Agent, type IncomingHttpHeaders, request } from 'node:http';

/** A response read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface HttpCall {
  readonly port: number;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly timeoutSeconds: number;
}

/** A container did not answer in time. */
export class HttpTimeoutError extends Error {
  override readonly name = 'HttpTimeoutError';
}

const agent = new Agent({ keepAlive: true });

/** One call to a container on loopback. Throws `HttpTimeoutError`, or what the connection failed with. */
export function httpCall({
  port,
  method,
  path,
  headers,
  body,
  timeoutSeconds,
}: HttpCall): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const call = request(
      { host: '127.0.0.1', port, method, path, headers: { ...headers }, agent },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', fail);
        response.once('end', () => {
          clearTimeout(timer);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          });
        });
      },
    );
    const timer = setTimeout(
      () => call.destroy(new HttpTimeoutError(`no answer within ${timeoutSeconds} s`)),
      timeoutSeconds * 1000,
    );
    function fail(error: Error): void {
      clearTimeout(timer);
      reject(error);
    }
    call.once('error', fail);
    call.end(body);
  });
}

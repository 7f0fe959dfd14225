import { AsyncLocalStorage } from 'node:async_hooks';
import http, { type RequestOptions } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { S3Client } from '@aws-sdk/client-s3';

/** Who a handler of a test acts as, and what comes between it and AWS. */
export interface Actor {
  readonly accessKeyId: string;
  /** Is given each call of an SDK client, such as `PutObject`, and makes it, or not. */
  readonly intercept?: Intercept | undefined;
  /** Takes each line that is printed, in the place of the process's output. */
  readonly log?: (line: string) => void;
}
export type Intercept = (operation: string, send: () => Promise<unknown>) => Promise<unknown>;

const acting = new AsyncLocalStorage<Actor>();

/** Developers of the regions that this process had, the last one's among them. */
const developers = new Set<string>();
let developer = '';

/** A region has given this key. Clients of handlers keep the one that they were made with, of an earlier region: it stands for this one. */
export function actAsDeveloper(accessKeyId: string): void {
  developers.add(accessKeyId);
  developer = accessKeyId;
}

/**
 * Runs what a function does under its own role. Handlers of a test share a process and its credentials, so the access key of each request
 * is replaced on its way out: the region's gateway takes the key for the caller and does not verify signatures.
 */
export function actingAs<T>(actor: Actor, run: () => T): T {
  return acting.run(actor, run);
}

const request = http.request;
http.request = (...given: unknown[]) => {
  const actor = acting.getStore();
  const options = given.find(isOptions);
  if (options?.headers)
    sign(Object(options.headers), (key) => actor?.accessKeyId ?? (developers.has(key) ? developer : key));
  return Reflect.apply(request, http, given);
};
// The SDK has imported `request` by its name.
syncBuiltinESMExports();

const write = process.stdout.write;
process.stdout.write = (...given: unknown[]): boolean => {
  const log = acting.getStore()?.log;
  const [text] = given;
  if (!log || typeof text !== 'string') return Boolean(Reflect.apply(write, process.stdout, given));
  for (const line of text.split('\n')) if (line !== '') log(line);
  return true;
};

// Every client of the SDK has the same `send`.
const clients: { send(...given: unknown[]): unknown } = Object.getPrototypeOf(S3Client.prototype);
const send = clients.send;
clients.send = function (...given) {
  const intercept = acting.getStore()?.intercept;
  const make = () => Reflect.apply(send, this, given);
  const [command] = given;
  return intercept ? intercept(operationOf(command), async () => make()) : make();
};

/** `PutObject` of a `PutObjectCommand`. */
function operationOf(command: unknown): string {
  return Object(command).constructor.name.replace(/Command$/, '');
}

function isOptions(value: unknown): value is RequestOptions {
  return typeof value === 'object' && value !== null && !(value instanceof URL) && 'headers' in value;
}

function sign(headers: Record<string, unknown>, keyFor: (key: string) => string): void {
  for (const [name, value] of Object.entries(headers)) {
    if (name.toLowerCase() !== 'authorization') continue;
    headers[name] = String(value).replace(/(?<=Credential=)[^/]+/, keyFor);
  }
}

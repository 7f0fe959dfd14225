import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { AwsError, unsupported } from '../../aws-error.ts';
import { Guard } from '../../gateway/guard.ts';
import type { Call, EventSink, Service } from '../../gateway/service.ts';
import type { AccessRequest } from '../../iam/access-request.ts';
import { type BucketConfiguration, configureBucket } from './bucket-configuration.ts';
import { removeBucket } from './delete-bucket.ts';
import { sweepLifecycle } from './lifecycle-sweep.ts';
import { assertUnderstood, type S3Answer } from './operation.ts';
import { demand, learningOfAbsence } from './permissions.ts';
import { routes } from './routes.ts';
import { S3Error, s3Error } from './s3-error.ts';
import { type S3Request, s3Request } from './s3-request.ts';
import { closeStorage, openStorage } from './storage.ts';
import { errorDocument } from './xml.ts';

export interface S3ServiceOptions {
  /** Where buckets, objects and their records are kept. */
  readonly directory: string;
  readonly accountId: string;
  readonly region: string;
  /** Takes the events of buckets that have EventBridge on. */
  readonly events: EventSink;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** How often lifecycle rules are applied, besides at the start. S3 does it once a day. */
  readonly sweepMilliseconds?: number;
  /** Told of faults that no caller is there to hear of. */
  readonly onFault?: (fault: unknown, what: string) => void;
}

/** S3 on the wire, and what the CloudFormation loader needs besides. */
export interface S3Service extends Service {
  /** Creates a bucket, or changes an existing one. */
  configureBucket(name: string, configuration: BucketConfiguration): Promise<void>;
  /** How a bucket is; `undefined`: there is none of that name. */
  bucketConfiguration(name: string): Promise<unknown>;
  /** `BucketNotEmpty` unless nothing is in it. */
  deleteBucket(name: string): Promise<void>;
  /** Resolves when every event so far is with the default bus. */
  idle(): Promise<void>;
  /** Applies lifecycle rules now. */
  sweepLifecycle(): Promise<void>;
}

/** S3's limit on a key, in bytes of UTF-8. */
const maxKeyBytes = 1024;

/** Opens the local S3. What was put before is there again. */
export async function s3Service({
  now = Date.now,
  sweepMilliseconds = 60 * 60 * 1000,
  onFault = () => undefined,
  ...options
}: S3ServiceOptions): Promise<S3Service> {
  const storage = await openStorage({ ...options, now, onFault });
  const { operations, operationFor } = routes(storage);
  const guard = new Guard<S3Request>(
    's3',
    operations.map(({ name }) => name),
    Object.fromEntries(operations.map(({ name, permissions }) => [name, permissions])),
  );
  storage.outbox.send();

  let sweeping: Promise<void> = Promise.resolve();
  function sweep(): void {
    sweeping = sweepLifecycle(storage).catch((fault) => onFault(fault, 's3: applying lifecycle rules'));
  }
  sweep();
  const timer = setInterval(sweep, sweepMilliseconds);
  timer.unref();

  async function answer(request: S3Request): Promise<S3Answer> {
    assertKey(request.key);
    const operation = operationFor(request);
    assertUnderstood(operation, request);
    const caller = { demand: (requests: () => readonly AccessRequest[]) => demand(request, requests) };
    guard.ask(operation.name, request, { ...request.call, caller });
    try {
      return await operation.run(request);
    } catch (error) {
      if (operation.readsFrom && error instanceof AwsError) {
        const bucket = operation.readsFrom(request);
        demand(request, () => learningOfAbsence(bucket, error.code));
      }
      throw error;
    }
  }

  return {
    signingName: 's3',
    guard,
    async handle(message, response, call) {
      try {
        await send(response, call, await answer(s3Request(message, call)));
      } catch (error) {
        if (!(error instanceof AwsError) || response.headersSent) throw error;
        sendError(message, response, call.requestId, error);
      }
    },
    // What the SDK does not find an S3 error in, it takes for broken XML.
    answerError: (message, response, requestId, error) =>
      sendError(
        message,
        response,
        requestId,
        error.statusCode < 500 ? error : s3Error.internalError(error.message),
      ),
    configureBucket: (name, configuration) => configureBucket(storage, name, configuration),
    bucketConfiguration: (name) => storage.buckets.get(name),
    deleteBucket: (name) => removeBucket(storage, name),
    idle: () => storage.outbox.idle(),
    sweepLifecycle: () => sweepLifecycle(storage),
    async close() {
      clearInterval(timer);
      await sweeping;
      await closeStorage(storage);
    },
  };
}

function assertKey(key: string): void {
  if (Buffer.byteLength(key) > maxKeyBytes) throw s3Error.keyTooLong();
  // The records of a bucket use this character to separate keys from what follows.
  if (key.includes('\0')) throw unsupported('s3 keys with a NUL character');
}

async function send(response: ServerResponse, call: Call, answer: S3Answer): Promise<void> {
  const { status = 200, headers, xml, content } = answer;
  try {
    response.writeHead(status, {
      ...headers,
      ...(xml !== undefined && {
        'content-type': 'application/xml',
        'content-length': Buffer.byteLength(xml),
      }),
      'x-amz-request-id': call.requestId,
    });
  } catch (error) {
    content?.destroy();
    throw error;
  }
  if (content) await pipeline(content, response);
  else response.end(xml);
}

function sendError(
  message: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  error: AwsError,
): void {
  const document = errorDocument({
    Code: error.code,
    Message: error.message,
    ...error.members,
    RequestId: requestId,
  });
  response.writeHead(error.statusCode, {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(document),
    'x-amz-request-id': requestId,
    ...(error instanceof S3Error && error.headers),
  });
  response.end(message.method === 'HEAD' ? undefined : document);
}

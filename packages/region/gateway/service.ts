import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AwsError } from '../aws-error.ts';
import type { AccessRequest } from '../iam/access-request.ts';
import type { Guard } from './guard.ts';

/** Who makes a call. Decided by the access key in its signature. */
export interface Caller {
  readonly accessKeyId: string;
  /** The role whose credentials signed the call; `undefined` for the person at the laptop. */
  readonly roleArn: string | undefined;
  /**
   * Throws unless the caller's role may do all of these. They are worked out only for callers that are asked.
   * @throws AccessDeniedError
   */
  demand(requests: () => readonly AccessRequest[]): void;
}

/** What every operation knows about the call it answers. */
export interface Call {
  readonly caller: Caller;
  readonly region: string;
  readonly accountId: string;
  readonly requestId: string;
  /** The gateway's URL, for answers that contain one. */
  readonly endpoint: string;
}

/**
 * One AWS service of the local region. The gateway finds it by the signing name in the request's credential
 * scope (`.../eu-west-1/<signingName>/aws4_request`) and hands it the raw HTTP exchange, so that bodies can stream.
 * A service answers its own protocol's errors for the `AwsError`s it throws; anything else is a fault of ours,
 * which the gateway logs and answers with HTTP 500.
 */
export interface Service {
  readonly signingName: string;
  /** Asked before each operation. The gateway lets no answer but an error out of a service that has not asked its caller. */
  readonly guard: Guard<never>;
  handle(request: IncomingMessage, response: ServerResponse, call: Call): Promise<void>;
  /** Writes an error of the gateway in this service's protocol, where that is not JSON. */
  answerError?(request: IncomingMessage, response: ServerResponse, requestId: string, error: AwsError): void;
  /** Lets running work come to rest; called once, after the gateway has stopped taking calls. */
  close?(): Promise<void>;
}

/** An event of an AWS service or of a custom bus, as EventBridge delivers it. */
export interface AwsEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, whole seconds, UTC. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/** An event before it has an id and an envelope. */
export interface EmittedEvent extends Pick<AwsEvent, 'detail-type' | 'source' | 'resources' | 'detail'> {
  /** When it happened, in milliseconds since the epoch: now, of the wall, unless told. */
  readonly at?: number;
}

/** Where services send the events they emit on their own account: the default bus. */
export interface EventSink {
  emit(event: EmittedEvent): Promise<void>;
}

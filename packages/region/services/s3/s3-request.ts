import type { IncomingMessage } from 'node:http';
import { AwsError } from '../../aws-error.ts';
import type { Call } from '../../gateway/service.ts';

/** A request to S3, taken apart. */
export interface S3Request {
  readonly method: string;
  /** Empty for a call about all buckets. */
  readonly bucket: string;
  /** Empty for a call about the bucket itself. */
  readonly key: string;
  readonly query: URLSearchParams;
  /** The first value of a header, by its lower-case name. */
  header(name: string): string | undefined;
  readonly headerNames: readonly string[];
  readonly body: IncomingMessage;
  readonly call: Call;
  /** Address of the client, for events. */
  readonly sourceIp: string;
}

/** Reads bucket and key from a path-style or a virtual-host-style request. */
export function s3Request(message: IncomingMessage, call: Call): S3Request {
  const [path = '/', search = ''] = splitOnce(message.url ?? '/', '?');
  const hostBucket = virtualHostBucket(message.headers.host ?? '');
  const [first, rest] = splitOnce(path.slice(1), '/');
  const [bucket, key] = hostBucket === undefined ? [first, rest] : [hostBucket, path.slice(1)];
  return {
    method: message.method ?? 'GET',
    bucket: decoded(bucket),
    key: decoded(key),
    query: new URLSearchParams(search),
    header: (name) => {
      const value = message.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    headerNames: Object.keys(message.headers),
    body: message,
    call,
    sourceIp: message.socket.remoteAddress ?? '127.0.0.1',
  };
}

/** `bucket.localhost` names its bucket; an address or `localhost` does not. The gateway takes no other names. */
function virtualHostBucket(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return /^(.+)\.localhost$/.exec(name)?.[1];
}

function splitOnce(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + separator.length)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}

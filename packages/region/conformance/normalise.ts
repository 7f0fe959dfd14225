/** Names of members whose values each implementation makes up, and what they name. Equal values stay equal. */
const identities: Readonly<Record<string, string>> = {
  VersionId: 'version',
  CopySourceVersionId: 'version',
  DeleteMarkerVersionId: 'version',
  VersionIdMarker: 'version',
  NextVersionIdMarker: 'version',
  UploadId: 'upload',
  ContinuationToken: 'token',
  NextContinuationToken: 'token',
  NextToken: 'token',
  nextToken: 'token',
  MessageId: 'message',
  ReceiptHandle: 'receipt',
  EventId: 'event',
  eventId: 'event',
  TableId: 'table',
  UserId: 'user',
  revisionId: 'revision',
};

/** Members that tell a moment as a number or a text. */
const moments = new Set([
  'SentTimestamp',
  'ApproximateFirstReceiveTimestamp',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'time',
]);

/** Members that name the request, and so differ at every call. */
const dropped = new Set(['RequestId', 'HostId', 'x-amz-request-id', 'SenderId']);

/**
 * Replaces in answers what may differ between two implementations that agree: moments by `<time>`, identities by the request
 * that answered them first. One for each implementation and scenario.
 */
export class Normaliser {
  readonly #firstSeen = new Map<string, string>();

  /** @param label the request that was answered */
  normalise(answer: unknown, label: string): unknown {
    const inStep = new Map<string, number>();
    const named = (identity: string, value: string) => {
      const key = `${identity} ${value}`;
      const known = this.#firstSeen.get(key);
      if (known !== undefined) return known;
      const count = (inStep.get(identity) ?? 0) + 1;
      inStep.set(identity, count);
      const name = `<${identity} ${count} of ${label}>`;
      this.#firstSeen.set(key, name);
      return name;
    };
    return normalised(answer, '', named);
  }
}

/** In causes of failed tasks. */
const requestId = /(Request ID: )[\w-]+/;

type Naming = (identity: string, value: string) => string;

function normalised(value: unknown, key: string, named: Naming): unknown {
  if (value instanceof Date) return '<time>';
  if (value instanceof Uint8Array) return `<bytes ${Buffer.from(value).toString('base64')}>`;
  if (Array.isArray(value)) return value.map((element) => normalised(element, key, named));
  if (typeof value === 'object' && value !== null) return members(value, named);
  if (moments.has(key) && value !== undefined) return '<time>';
  if (typeof value === 'string' && requestId.test(value)) return value.replace(requestId, '$1<id>');
  const identity = identities[key];
  if (identity === undefined || typeof value !== 'string' || value === 'null' || value === '') return value;
  return named(identity, value);
}

function members(value: object, named: Naming): Record<string, unknown> {
  const kept = Object.entries(value).filter(([name, member]) => member !== undefined && !dropped.has(name));
  return Object.fromEntries(kept.map(([name, member]) => [name, normalised(member, name, named)]));
}

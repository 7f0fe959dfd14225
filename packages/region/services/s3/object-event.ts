import type { OutgoingEvent } from '../events/outbox.ts';
import type { DeleteMarker, StoredObject } from './object-version.schema.ts';

/** Who caused an event. A lifecycle rule has no address. */
export interface EventOrigin {
  readonly requestId: string;
  /** An account, or a service principal. */
  readonly requester: string;
  readonly sourceIp?: string;
}

export type CreationReason = 'PutObject' | 'CopyObject' | 'CompleteMultipartUpload';
export type DeletionReason = 'DeleteObject' | 'Lifecycle Expiration';

/** MD5 of nothing, which S3 gives as the entity tag of a delete marker. */
const emptyEtag = 'd41d8cd98f00b204e9800998ecf8427e';

export function objectCreated(
  object: StoredObject,
  reason: CreationReason,
  origin: EventOrigin,
): OutgoingEvent {
  const { key, size, etag } = object;
  return event('Object Created', object, origin, { key, size, etag }, { reason });
}

export function objectDeleted(
  version: StoredObject | DeleteMarker,
  deletionType: 'Permanently Deleted' | 'Delete Marker Created',
  reason: DeletionReason,
  origin: EventOrigin,
): OutgoingEvent {
  const etag = version.kind === 'object' ? version.etag : emptyEtag;
  return event(
    'Object Deleted',
    version,
    origin,
    { key: version.key, etag },
    {
      reason,
      'deletion-type': deletionType,
    },
  );
}

function event(
  detailType: string,
  { bucket, versionId, sequencer }: StoredObject | DeleteMarker,
  { requestId, requester, sourceIp }: EventOrigin,
  object: Readonly<Record<string, unknown>>,
  why: Readonly<Record<string, string>>,
): OutgoingEvent {
  return {
    'detail-type': detailType,
    source: 'aws.s3',
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: { ...object, ...(versionId !== 'null' && { 'version-id': versionId }), sequencer },
      'request-id': requestId,
      requester,
      ...(sourceIp !== undefined && { 'source-ip-address': sourceIp }),
      ...why,
    },
  };
}

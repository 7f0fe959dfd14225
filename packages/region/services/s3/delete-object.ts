import { deleteVersion } from './delete-version.ts';
import { deletionConditions, originOf } from './object-headers.ts';
import { bypassesGovernance } from './object-lock.ts';
import type { S3Operation } from './operation.ts';
import { deletingObject } from './permissions.ts';
import type { Storage } from './storage.ts';

export function deleteObject(storage: Storage): S3Operation {
  return {
    name: 'DeleteObject',
    permissions: deletingObject,
    headers: ['if-match', 'x-amz-bypass-governance-retention'],
    query: ['versionId'],
    async run(request) {
      const { bucket, key, query } = request;
      const { versionId, isDeleteMarker } = await deleteVersion(
        storage,
        { bucket, key, versionId: query.get('versionId') ?? undefined },
        {
          reason: 'DeleteObject',
          origin: originOf(request),
          conditions: deletionConditions(request),
          bypassGovernance: bypassesGovernance(request),
        },
      );
      return {
        status: 204,
        headers: {
          ...(versionId !== undefined && { 'x-amz-version-id': versionId }),
          ...(isDeleteMarker && { 'x-amz-delete-marker': 'true' }),
        },
      };
    },
  };
}

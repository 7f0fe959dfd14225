import * as z from 'zod';
import { AwsError, unsupported } from '../../aws-error.ts';
import { assertBypassHasLock, type DeleteContext, deleteVersion } from './delete-version.ts';
import { originOf } from './object-headers.ts';
import { bypassesGovernance } from './object-lock.ts';
import { contentHeaders, type S3Operation } from './operation.ts';
import { receiveText } from './payload.ts';
import { deletingVersion, demand } from './permissions.ts';
import { s3Error } from './s3-error.ts';
import type { Storage } from './storage.ts';
import { bucketNamed } from './versions.ts';
import { parseXml, xmlDocument } from './xml.ts';

/** At most 1,000 objects a call. */
const documentSchema = z.object({
  Delete: z.object({
    Quiet: z.enum(['true', 'false']).default('false'),
    Object: z
      .array(z.looseObject({ Key: z.string().min(1), VersionId: z.string().optional() }))
      .min(1)
      .max(1000),
  }),
});

export function deleteObjects(storage: Storage): S3Operation {
  return {
    name: 'DeleteObjects',
    // Each of its objects is asked for on its own, and refused on its own.
    permissions: () => [],
    headers: ['x-amz-bypass-governance-retention', ...contentHeaders],
    query: ['delete'],
    async run(request) {
      const { objectLock } = await bucketNamed(storage, request.bucket);
      if (!request.headerNames.some((name) => /^(content-md5|x-amz-trailer|x-amz-checksum-.*)$/.test(name)))
        throw s3Error.invalidRequest('Missing required header for this request: Content-MD5');
      const { Delete } = parseXml(await receiveText(request), documentSchema);
      const context: DeleteContext = {
        reason: 'DeleteObject',
        origin: originOf(request),
        bypassGovernance: bypassesGovernance(request),
      };
      assertBypassHasLock(objectLock, context);
      const deleted: unknown[] = [];
      const errors: unknown[] = [];
      for (const { Key, VersionId, ...conditions } of Delete.Object) {
        const condition = Object.keys(conditions)[0];
        if (condition !== undefined) throw unsupported(`s3:DeleteObjects with the element ${condition}`);
        try {
          demand(request, () => deletingVersion(request, Key, VersionId));
          const target = { bucket: request.bucket, key: Key, versionId: VersionId };
          const { versionId, isDeleteMarker, isAbsent } = await deleteVersion(storage, target, context);
          if (VersionId !== undefined && isAbsent) throw s3Error.noSuchVersion(Key, VersionId);
          deleted.push({
            Key,
            ...(VersionId !== undefined && { VersionId }),
            ...(isDeleteMarker && { DeleteMarker: true, DeleteMarkerVersionId: versionId }),
          });
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          const { code, message } =
            error.code === 'InvalidArgument' && VersionId !== undefined
              ? s3Error.noSuchVersion(Key, VersionId)
              : error;
          errors.push({ Key, VersionId, Code: code, Message: message });
        }
      }
      const shown = Delete.Quiet === 'true' ? undefined : deleted;
      return { xml: xmlDocument('DeleteResult', { Deleted: shown, Error: errors }) };
    },
  };
}

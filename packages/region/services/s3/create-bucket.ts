import * as z from 'zod';
import { unsupported } from '../../aws-error.ts';
import { createdBucket } from './bucket-configuration.ts';
import { contentHeaders, type S3Operation } from './operation.ts';
import { receiveText } from './payload.ts';
import { onBucket } from './permissions.ts';
import { s3Error } from './s3-error.ts';
import type { Storage } from './storage.ts';
import { parseXml } from './xml.ts';

const documentSchema = z.object({
  CreateBucketConfiguration: z.union([
    z.literal(''),
    z.object({ LocationConstraint: z.string().optional() }),
  ]),
});

export function createBucket(storage: Storage): S3Operation {
  return {
    name: 'CreateBucket',
    permissions: onBucket('s3:CreateBucket'),
    headers: ['x-amz-bucket-object-lock-enabled', ...contentHeaders],
    query: [],
    async run(request) {
      assertLocation(await receiveText(request), storage.region);
      const hasObjectLock = request.header('x-amz-bucket-object-lock-enabled') === 'true';
      await storage.turns.run(async () => {
        if (await storage.buckets.get(request.bucket)) throw s3Error.bucketAlreadyOwnedByYou(request.bucket);
        const bucket = createdBucket(storage, request.bucket, {
          // Object Lock needs versions to lock.
          versioned: hasObjectLock,
          eventBridge: false,
          objectLock: hasObjectLock,
        });
        await storage.records.write([storage.buckets.put(bucket.name, bucket)]);
      });
      return { headers: { location: `/${request.bucket}` } };
    },
  };
}

function assertLocation(text: string, region: string): void {
  if (text === '') return;
  const { CreateBucketConfiguration: configuration } = parseXml(text, documentSchema);
  const location = configuration === '' ? undefined : configuration.LocationConstraint;
  if (location !== undefined && location !== region)
    throw unsupported(`s3:CreateBucket in ${location}, being ${region} itself`);
}

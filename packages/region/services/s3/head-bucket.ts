import type { S3Operation } from './operation.ts';
import { onBucket } from './permissions.ts';
import type { Storage } from './storage.ts';
import { bucketNamed } from './versions.ts';

export function headBucket(storage: Storage): S3Operation {
  return {
    name: 'HeadBucket',
    permissions: onBucket('s3:ListBucket'),
    headers: [],
    query: [],
    async run({ bucket }) {
      await bucketNamed(storage, bucket);
      return { headers: { 'x-amz-bucket-region': storage.region } };
    },
  };
}

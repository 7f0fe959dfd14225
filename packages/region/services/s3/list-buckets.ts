import type { S3Operation } from './operation.ts';
import { listingBuckets } from './permissions.ts';
import type { Storage } from './storage.ts';
import { xmlDocument } from './xml.ts';

export function listBuckets(storage: Storage): S3Operation {
  return {
    name: 'ListBuckets',
    permissions: listingBuckets,
    headers: [],
    query: [],
    async run() {
      const buckets: unknown[] = [];
      for await (const [, { name, createdAt }] of storage.buckets.entries())
        buckets.push({ Name: name, CreationDate: createdAt, BucketRegion: storage.region });
      return {
        xml: xmlDocument('ListAllMyBucketsResult', {
          Owner: { ID: storage.accountId },
          Buckets: { Bucket: buckets },
        }),
      };
    },
  };
}

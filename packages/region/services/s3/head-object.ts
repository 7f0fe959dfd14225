import { readAnswer, readHeaders, readQuery } from './get-object.ts';
import type { S3Operation } from './operation.ts';
import { headingObject } from './permissions.ts';
import type { Storage } from './storage.ts';
import { holdObject } from './versions.ts';

export function headObject(storage: Storage): S3Operation {
  return {
    name: 'HeadObject',
    permissions: headingObject,
    readsFrom: ({ bucket }) => bucket,
    headers: readHeaders,
    query: readQuery,
    async run(request) {
      const { bucket, key, query } = request;
      const found = await holdObject(storage, bucket, key, query.get('versionId') ?? undefined);
      await found.release();
      return readAnswer(request, found, storage.now());
    },
  };
}

import { ListObjectsV2Command, type ListObjectsV2CommandInput, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Scenario } from '../scenario.ts';

const Bucket = 'data';
const keys = ['a', 'b/1', 'b/2', 'b/c/3', 'd e', 'f/', 'g', 'h+i', 'ü'];

export const s3Listing: readonly Scenario[] = [
  {
    service: 's3',
    name: 'lists',
    async run(world, steps) {
      await world.bucket(Bucket);
      const list = (what: string, input: Omit<ListObjectsV2CommandInput, 'Bucket'>) =>
        steps.call(`ListObjectsV2 ${what}`, () =>
          world.s3.send(new ListObjectsV2Command({ Bucket, ...input })),
        );
      await list('of nothing', {});
      for (const Key of keys) await world.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
      await list('of all', {});
      await list('of a prefix', { Prefix: 'b/' });
      await list('of a prefix of none', { Prefix: 'none' });
      await list('by a delimiter', { Delimiter: '/' });
      await list('by a delimiter behind a prefix', { Delimiter: '/', Prefix: 'b/' });
      await list('by another delimiter', { Delimiter: 'c' });
      await list('with the owners', { FetchOwner: true, MaxKeys: 1 });
      await list('in an encoding', { EncodingType: 'url' });
      await list('by a delimiter in an encoding', { EncodingType: 'url', Delimiter: ' ' });
      await list('behind a key', { StartAfter: 'b/2' });
      await list('behind a key of none', { StartAfter: 'c' });
      await list('of no keys', { MaxKeys: 0 });
      await list('of too many keys', { MaxKeys: 5000 });
      await list('with an empty token', { ContinuationToken: '' });
      await list('with a token of none', { ContinuationToken: 'made up' });
      let page = await list('page 1', { MaxKeys: 2, StartAfter: 'a' });
      for (let number = 2; page.NextContinuationToken !== undefined; number += 1)
        page = await list(`page ${number}`, { MaxKeys: 2, ContinuationToken: page.NextContinuationToken });
      let group = await list('by a delimiter, page 1', { MaxKeys: 1, Delimiter: '/' });
      for (let number = 2; group.NextContinuationToken !== undefined; number += 1)
        group = await list(`by a delimiter, page ${number}`, {
          MaxKeys: 1,
          Delimiter: '/',
          ContinuationToken: group.NextContinuationToken,
        });
    },
  },
];

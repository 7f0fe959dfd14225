import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CaptureListing } from '../../functions/monitor/capture-listing.client.ts';
import { type Services, startServices } from '../support/services.ts';

let services: Services;
let s3: S3Client;
let listing: CaptureListing;

beforeAll(async () => {
  services = await startServices({ buckets: { artifacts: {} } });
  s3 = new S3Client(services.sdkConfig);
  listing = new CaptureListing(new Objects(s3), 'artifacts');
});
afterAll(async () => {
  s3.destroy();
  await services.stop();
});

async function put(Key: string, Body = 'x'): Promise<string> {
  await s3.send(new PutObjectCommand({ Bucket: 'artifacts', Key, Body }));
  return Key;
}
const keysFrom = async (model: string, from: string) =>
  (await listing.from(model, from)).map(({ key }) => key).toSorted();

describe('captures are listed', () => {
  it('from an hour on, whoever captured them', async () => {
    await put('captures/a/function/2026/02/28/23/old.gz');
    await put('captures/a/endpoint/v00000001/tidemark-dev-a/primary/2026/02/28/23/old.jsonl');
    const expected = [
      await put('captures/a/function/2026/03/01/00/1.gz'),
      await put('captures/a/function/2026/03/02/10/2.gz'),
      await put('captures/a/endpoint/v00000001/tidemark-dev-a/primary/2026/03/01/00/3.jsonl'),
      await put('captures/a/endpoint/v00000002/tidemark-dev-a/primary/2026/03/05/00/4.jsonl'),
    ];

    expect(await keysFrom('a', '2026/03/01/00')).toEqual(expected.toSorted());
  });

  it('of one model, also if another’s name begins so', async () => {
    const own = await put('captures/b/function/2026/03/01/00/1.gz');
    await put('captures/b-2/function/2026/03/01/00/1.gz');

    expect(await keysFrom('b', '2026/03/01/00')).toEqual([own]);
  });

  it('in their current version, with their size', async () => {
    const key = await put('captures/c/function/2026/03/01/00/1.gz', 'short');
    await put(key, 'somewhat longer');

    const [found, ...others] = await listing.from('c', '2026/03/01/00');

    expect(found).toMatchObject({ key, size: 15, versionId: expect.any(String) });
    expect(others).toEqual([]);
  });

  it('beyond what S3 lists in one page', async () => {
    await Promise.all(
      Array.from({ length: 1010 }, (_, index) => put(`captures/d/function/2026/03/01/00/${index}.gz`)),
    );

    expect(await listing.from('d', '2026/03/01/00')).toHaveLength(1010);
  });

  it('where there are none', async () => {
    expect(await listing.from('nobody', '2026/03/01/00')).toEqual([]);
  });
});

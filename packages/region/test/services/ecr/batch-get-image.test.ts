import { BatchGetImageCommand } from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEndpoint, createModel } from '../sagemaker/models.ts';
import { instanceConfig } from '../sagemaker/requests.ts';
import { accountId, TestRegion } from '../sagemaker/sagemaker-region.ts';
import { servers } from '../sagemaker/servers.ts';

const own = `${accountId}.dkr.ecr.eu-west-1.amazonaws.com/churn:1`;

let region: TestRegion;

beforeAll(async () => {
  region = await TestRegion.start({ images: { [own]: servers['user/echo:'] } });
});

afterAll(async () => await region.remove());

const get = (repositoryName: string, imageTag: string, registryId?: string) =>
  region.ecr.send(
    new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag }], ...(registryId && { registryId }) }),
  );

describe('BatchGetImage', () => {
  test('gives the digest of the stand-in for the built-in XGBoost', async () => {
    const { images } = await get('sagemaker-xgboost', '1.7-1', '141502667606');

    expect(images).toMatchObject([{ repositoryName: 'sagemaker-xgboost', registryId: '141502667606' }]);
    expect(images?.[0]?.imageId).toMatchObject({
      imageTag: '1.7-1',
      imageDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
  });

  test("gives the digest that an endpoint with a user's image reports", async () => {
    await createModel(region, 'churn', { image: own });
    const endpoint = await createEndpoint(region, 'churn', instanceConfig('churn', 'churn'));

    const { images } = await get('churn', '1');

    expect(endpoint.ProductionVariants?.[0]?.DeployedImages?.[0]?.ResolvedImage).toBe(
      `${accountId}.dkr.ecr.eu-west-1.amazonaws.com/churn@${images?.[0]?.imageId?.imageDigest}`,
    );
  });

  test('says which images of a repository there are not', async () => {
    const imageIds = [
      { imageTag: '1' },
      { imageTag: '2' },
      { imageTag: '1', imageDigest: `sha256:${'0'.repeat(64)}` },
    ];

    const found = await region.ecr.send(new BatchGetImageCommand({ repositoryName: 'churn', imageIds }));

    expect(found.images).toHaveLength(1);
    expect(found.failures?.map(({ imageId, failureCode }) => [imageId?.imageTag, failureCode])).toEqual([
      ['2', 'ImageNotFound'],
      ['1', 'ImageNotFound'],
    ]);
  });

  test('knows no repository that nothing runs for', async () => {
    await expect(get('unknown', '1')).rejects.toMatchObject({ name: 'RepositoryNotFoundException' });
  });
});

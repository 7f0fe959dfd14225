import { ECRClient } from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImageRegistry, UnresolvedImageError } from '../../functions/train/images.client.ts';
import { Images } from '../../packages/region/containers/images.ts';
import { ecrService } from '../../packages/region/services/ecr/ecr-service.ts';
import { type Served, serve } from '../../packages/region/test/services/serve.ts';

const repository = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn';
const builtIn = '141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost';
const images = { [`${repository}:3`]: ['node', 'churn.mjs'] };

let served: Served;
let registry: ImageRegistry;

beforeAll(async () => {
  served = await serve(ecrService({ images }));
  registry = new ImageRegistry(new ECRClient(served.clientConfig));
});
afterAll(() => served.stop());

describe('an image', () => {
  it('of one’s own is known by its digest, which the region runs as the tag did', async () => {
    const { uri, digest } = await registry.resolve(`${repository}:3`);

    expect(uri).toBe(`${repository}@${digest}`);
    expect(await new Images(images).resolve(uri)).toEqual(
      await new Images(images).resolve(`${repository}:3`),
    );
  });

  it('that was named by digest stays that one', async () => {
    const uri = `${repository}@sha256:${'0'.repeat(64)}`;

    expect((await registry.resolve(uri)).uri).toBe(uri);
  });

  it.each([`${repository}:4`, `${repository}-other:3`, repository])(
    'whose repository does not have it is refused: %s',
    async (uri) => {
      await expect(registry.resolve(uri)).rejects.toThrow(UnresolvedImageError);
      await expect(registry.resolve(uri)).rejects.toThrow(/cannot be found in its repository .*Push it/);
    },
  );

  it('that AWS keeps is known by its digest, where its repository tells', async () => {
    expect((await registry.resolveIfTold(`${builtIn}:1.7-1`)).uri).toMatch(
      /\/sagemaker-xgboost@sha256:[0-9a-f]{64}$/,
    );
  });

  it('that AWS keeps is called by its tag where its repository does not tell', async () => {
    const uri = builtIn.replace('sagemaker-xgboost', 'linear-learner:1');

    expect(await registry.resolveIfTold(uri)).toEqual({ uri, digest: null });
  });

  it('is not called by its tag because the registry is out of reach for a moment', async () => {
    const unreachable = new ECRClient({ ...served.clientConfig, endpoint: 'http://127.0.0.1:9' });

    await expect(new ImageRegistry(unreachable).resolveIfTold(`${builtIn}:1.7-1`)).rejects.toThrow(
      /ECONNREFUSED/,
    );
  });
});

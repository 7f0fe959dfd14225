import type { ImageMap } from '../../packages/region/containers/images.ts';
import { type InstalledRegion, startInstalledRegion } from '../support/installed-region.ts';

export const dataBucket = 'data';
export const artifactsBucket = 'artifacts';
export const eventBus = 'tidemark-dev';
export const xgboostImage = '141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1';

/** A user's own image, `odd-container.mjs`, which behaves as its tag says. */
export const oddImage = (behaviour: OddBehaviour) => `${oddRepository}:${behaviour}`;
const oddRepository = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/odd';
const oddBehaviours = ['answers', 'fails', 'hangs', 'answers-too-little', 'answers-no-probability'] as const;
type OddBehaviour = (typeof oddBehaviours)[number];

export type TrainRegion = InstalledRegion;

/** Waits are 200 times shorter than they say, so that a run takes no longer than its containers do. */
const speed = 200;

export async function startTrainRegion(): Promise<TrainRegion> {
  const images: ImageMap = Object.fromEntries(
    oddBehaviours.map((behaviour) => [
      oddImage(behaviour),
      ['node', 'test/train/odd-container.mjs', behaviour] as const,
    ]),
  );
  return await startInstalledRegion({
    speed,
    images,
    environment: { IMAGES: JSON.stringify([oddRepository]), NETWORK_ISOLATION: 'where-allowed' },
  });
}

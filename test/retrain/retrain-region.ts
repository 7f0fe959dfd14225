import { wallClock } from '../../packages/region/clock.ts';
import { type InstalledRegion, startInstalledRegion } from '../support/installed-region.ts';
import type { Machine } from '../support/machine.ts';
import { accountId, region as regionName } from '../support/services.ts';

export const dataBucket = 'data';
export const artifactsBucket = 'artifacts';
export const eventBus = 'tidemark-dev';

export interface RetrainRegion extends InstalledRegion {
  /** The retrain machine. Two days of following take seconds. */
  readonly retrain: Machine;
}

export async function startRetrainRegion(): Promise<RetrainRegion> {
  const region = await startInstalledRegion({ speed: 1 });
  return { ...region, retrain: await region.machine('Retrain', wallClock({ speed: 1_000_000 })) };
}

/** An execution's ARN that no machine of a test has. */
export const otherExecution = `arn:aws:states:${regionName}:${accountId}:execution:retrain:other`;

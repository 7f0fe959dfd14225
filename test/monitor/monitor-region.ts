import { type InstalledRegion, startInstalledRegion } from '../support/installed-region.ts';
import type { Machine } from '../support/machine.ts';

export const dataBucket = 'data';
export const artifactsBucket = 'artifacts';
export const eventBus = 'tidemark-dev';

export interface MonitorRegion extends InstalledRegion {
  /** The monitor machine. */
  readonly monitor: Machine;
}

/** Waits between retries are 200 times shorter than they say. */
const speed = 200;

export async function startMonitorRegion(): Promise<MonitorRegion> {
  const region = await startInstalledRegion({ speed });
  return { ...region, monitor: await region.machine('Monitor') };
}

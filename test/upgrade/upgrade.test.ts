import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalRegion, type RegionEvent } from '@tidemark/region';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { layerModules } from '../../laptop/layer-modules.ts';
import { synthesisedAssembly } from '../support/assembly.ts';
import { endWithFirstFailure } from '../support/story.ts';
import { HaltedExecutions, type Plan } from './halted-executions.ts';
import { unpackRelease } from './kept-release.ts';
import { ModelUser } from './model-user.ts';
import { nextRelease } from './next-release.ts';
import { type Way, ways } from './ways.ts';

let directory: string;
let region: LocalRegion | undefined;
const told: RegionEvent[] = [];

interface Case {
  readonly model: string;
  readonly way: Way;
  readonly place: string;
}
const cases: readonly Case[] = ways.flatMap((way, number) =>
  way.places.map((place, index) => ({
    way,
    place,
    model: `case-${'abcdefghijklmnopqrstuvwxyz'[number]}-${index + 1}`,
  })),
);
const plans = new Map<string, Plan>(
  cases.map(({ model, way, place }) => [
    model,
    { halts: [place, ...(way.alsoHalts ?? [])], failures: way.failures ?? [] },
  ]),
);

async function deploy(assemblyDirectory: string, halted?: HaltedExecutions): Promise<LocalRegion> {
  await region?.stop();
  region = await LocalRegion.start({
    assemblyDirectory,
    stateDirectory: join(directory, 'state'),
    layerModules,
    speed: 200,
    warmFunctions: { workers: 24, idleMegabytes: 2_000 },
    onEvent: (event) => told.push(event),
    ...(halted && { breakpoint: halted.breakpoint }),
  });
  return region;
}
const began = Date.now();
const log = (what: string) => console.info(`${((Date.now() - began) / 1000).toFixed(0)} s: ${what}`);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'upgrade-'));
});
afterAll(async () => {
  await region?.stop();
  rmSync(directory, { recursive: true });
});

endWithFirstFailure();

it('executions of the last release are halted in every state', async () => {
  const former = unpackRelease(join(directory, 'former'));
  log('unpacked');
  const halted = new HaltedExecutions(plans);
  const before = await deploy(former, halted);
  log('deployed');
  await Promise.all(
    cases.map(async ({ model, way, place }) => {
      const user = new ModelUser(before, model, way.settings);
      await user.define();
      await user.untilOnboarded();
      await way.act(user, (where) => halted.isHalted(model, where));
      await user.until(`is halted at ${place}`, async () => halted.isHalted(model, place));
    }),
  );
  log(`halted ${halted.executions.length}`);
});

it('they all end well after an update', async () => {
  const after = await deploy(nextRelease(await synthesisedAssembly(), join(directory, 'next')));
  log('updated');
  await Promise.all(
    cases.map(async ({ model, way }) => {
      const user = new ModelUser(after, model, way.settings);
      await user.untilLiveAbove(0);
    }),
  );
  log('live');
  expect(told).toEqual([]);
});

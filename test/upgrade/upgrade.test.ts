import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalRegion, type RegionEvent } from '@tidemark/region';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { layerModules } from '../../laptop/layer-modules.ts';
import { synthesisedAssembly } from '../support/assembly.ts';
import { endWithFirstFailure } from '../support/story.ts';
import { type Deployed, deployed, unchanged } from './deployed.ts';
import { atRest, failuresTold, unsuccessful, wrongsOf } from './ends.ts';
import { executedCode } from './executed-code.ts';
import { HaltedExecutions, type Place } from './halted-executions.ts';
import { unpackRelease } from './kept-release.ts';
import { ModelUser } from './model-user.ts';
import { firstState, nextCodeVersion, nextRelease } from './next-release.ts';
import { placesOfRelease } from './places.ts';
import { type Base, reasons, unhalted, type Way, ways } from './ways.ts';

/** `WAYS=second,window` takes some of them; then not every place is covered. */
const { WAYS } = process.env;
const chosen = ways.filter(({ name }) => WAYS === undefined || WAYS.split(',').includes(name));

/** A model of a way, with an execution that is halted at one of the way’s places. */
interface Case {
  readonly way: Way;
  readonly place: Place;
  /** Is set when the region runs. */
  user: ModelUser;
}

let directory: string;
let region: LocalRegion | undefined;
let before: Deployed;
/** ARNs of the executions that the update has found. */
let found: readonly string[];
let cases: Case[];
/** Executions that make alarms and schedules of all models again, for the places of that way through onboard. */
const repairs = ['onboard.ListModels', 'onboard.RepairModel', 'onboard.RepairModel submitted'];
const told: RegionEvent[] = [];
const began = Date.now();

/** At this speed executions are halted long before the day is over. */
const speed = 100;
const dayMilliseconds = 86_400_000;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'upgrade-'));
  mkdirSync(join(directory, 'state'));
  // Schedules are daily, at midnight or within the hour after it: it is two o’clock when the test begins, so none is in the way of its windows.
  const aheadMilliseconds = dayMilliseconds - (Date.now() % dayMilliseconds) + 2 * 3_600_000;
  writeFileSync(join(directory, 'state/clock.json'), JSON.stringify({ aheadMilliseconds }));
});
afterAll(async () => {
  await region?.stop();
  rmSync(directory, { recursive: true });
});

/** Starts the region, or updates it: on the same state, which knows what was deployed before. */
async function deploy(assemblyDirectory: string, halted: HaltedExecutions): Promise<LocalRegion> {
  await region?.stop();
  region = await LocalRegion.start({
    assemblyDirectory,
    stateDirectory: join(directory, 'state'),
    layerModules,
    speed,
    warmFunctions: { workers: 24, idleMegabytes: 2_000 },
    onEvent: (event) => told.push(event),
    breakpoint: halted.breakpoint,
  });
  return region;
}

/** Of minutes, so that a person sees where the test is. */
const say = (what: string) => console.info(`${Math.round((Date.now() - began) / 1000)} s: ${what}`);

const casesIn = (started: LocalRegion): Case[] =>
  chosen.flatMap((way) =>
    way.places.map((place, index) => ({
      way,
      place,
      user: new ModelUser(started, `case-${way.name}-${index + 1}`, way.settings),
    })),
  );

/** Does something with each model at once. @throws an error for all that it fails with */
async function each(what: string, act: (one: Case) => Promise<unknown>): Promise<void> {
  const failures = await Promise.all(
    cases.map((one) =>
      act(one).then(
        () => [],
        (error: unknown) => [`${one.user.model} at ${one.place} ${what}: ${String(error)}`],
      ),
    ),
  );
  expect(failures.flat()).toEqual([]);
}

/** Gives a model what it has before its way begins. */
async function prepare(user: ModelUser, base: Base): Promise<void> {
  if (base === 'nothing') return;
  await user.define();
  await user.untilOnboarded();
  if (base === 'definition') return;
  await user.drop(0);
  await user.untilLiveAbove(0);
  if (base === 'live') return;
  await user.predict('early');
  await user.untilCaptured();
  await user.label('early');
  await user.untilTold('labels.received');
}

async function halt({ user, way, place }: Case, halted: HaltedExecutions): Promise<void> {
  const untilHalted = (where: Place) =>
    user.until(`is halted at ${where}`, async () => halted.execution(user.model, where) !== undefined);
  await prepare(user, way.base);
  halted.plan(user.model, { halts: [place, ...(way.blocks ?? [])], failures: way.failures ?? [] });
  await way.act(user, untilHalted);
  await untilHalted(place);
}

async function haltRepairs(started: LocalRegion, halted: HaltedExecutions): Promise<void> {
  const user = new ModelUser(started, 'all');
  halted.plan('all', { halts: repairs, failures: [] });
  for (const place of repairs) {
    await user.start('Onboard', { all: true });
    await user.until(`is halted at ${place}`, async () => halted.execution('all', place) !== undefined);
  }
}

endWithFirstFailure();

it('executions of the last release are halted wherever an update can find them', async () => {
  const halted = new HaltedExecutions();
  const started = await deploy(unpackRelease(join(directory, 'former')), halted);
  before = await deployed(started);
  cases = casesIn(started);
  const first = new ModelUser(started, 'case-repaired-1');
  await first.define();
  await first.untilOnboarded();
  await haltRepairs(started, halted);

  await each('is not halted', (one) => halt(one, halted));
  found = halted.executions;
  say(`${found.length} executions are halted, of ${cases.length} models`);

  expect(Object.values(unhalted).filter((reason) => !(reason in reasons))).toEqual([]);
  if (WAYS !== undefined) return;
  const covered = [...cases.map(({ place }) => place), ...repairs, ...Object.keys(unhalted)];
  expect([...new Set(covered)].sort()).toEqual(placesOfRelease());
});

it('an update replaces every function, state machine and rule', async () => {
  // Those that are to be stopped are halted again.
  const halted = new HaltedExecutions();
  for (const { user, way, place } of cases)
    if (way.stopped) halted.plan(user.model, { halts: [place], failures: [] });
  const next = nextRelease(await synthesisedAssembly(), join(directory, 'next'));
  const after = await deploy(next, halted);
  for (const { user } of cases) user.moveTo(after);
  say('updated');

  const now = await deployed(after);
  expect(now.functions.size).toBeGreaterThan(30);
  expect(unchanged(before, now)).toEqual([]);

  for (const { user, way, place } of cases.filter((each) => each.way.stopped)) {
    await user.until(`is halted at ${place}`, async () => halted.execution(user.model, place) !== undefined);
    await user.stop(halted.execution(user.model, place) ?? way.name);
  }
  await atRest(after);
  say('at rest');
  expect([...halted.passed]).toContain(`onboard.${firstState}`);
});

it('an execution runs with the code of the release that it began in, and no other', () => {
  const code = executedCode(join(directory, 'state'));
  const [formerCode = '', ...others] = new Set(
    found.flatMap((executionArn) => [...(code.get(executionArn) ?? [])]),
  );

  expect(others).toEqual([]);
  expect(formerCode).not.toBe(nextCodeVersion);
  const mixed = [...code].filter(([, versions]) => versions.size > 1).map(([executionArn]) => executionArn);
  expect(mixed).toEqual([]);
  expect([...code.values()].filter((versions) => versions.has(nextCodeVersion)).length).toBeGreaterThan(0);
});

it('an execution that the update has found fails only if it was to fail, and tells of it once', async () => {
  const failing = cases.flatMap(({ user, way }) => [
    ...(way.fails ?? []).map((machine) => `${user.model} ${machine} FAILED`),
    ...(way.stopped ? way.places.map((place) => `${user.model} ${place.split('.')[0]} ABORTED`) : []),
  ]);
  expect(await unsuccessful(running())).toEqual(failing.sort());

  const failures = await Promise.all(
    cases.map(async ({ user, way, place }) => [
      `${user.model}, ${place}`,
      await failuresTold(user),
      way.tells ?? [],
    ]),
  );
  expect(failures.filter(([, found, expected]) => String(found) !== String(expected))).toEqual([]);
});

it('its models are trained, deployed, watched and retrained afterwards', async () => {
  await each('is not ready', async ({ user, way }) => await way.afterwards?.(user));
  await atRest(running());
  await each('is not used', ({ user, way, place }) => use(user, place === way.places.at(-1)));
  await atRest(running());
  say('used');
});

/** Gives a model that has none a live version and asks it; and, if all is to be done, trains it, watches it, and retrains it with what it predicted. */
async function use(user: ModelUser, all: boolean): Promise<void> {
  let live = (await user.record())?.liveVersion ?? 0;
  if (live === 0 || all) {
    await user.drop(7);
    live = await user.untilLiveAbove(live);
  }
  expect(await user.predict('late')).toBe(live);
  if (!all) return;
  await user.untilCaptured();
  const windows = (await user.told('window.monitored')).length;
  await user.start('Monitor');
  await user.untilTold('window.monitored', windows + 1);
  await user.label('late');
  await user.untilTold('labels.received');
  await user.start('Retrain');
  live = await user.untilLiveAbove(live);
  expect(await user.predict('last')).toBe(live);
}

it('no file is lost, no dataset or version made twice, no lease kept, and one version is live', async () => {
  const wrong = await Promise.all(
    cases.map(async ({ user, place }) =>
      (await wrongsOf(running(), user)).map((what) => `${user.model}, ${place}: ${what}`),
    ),
  );

  expect(wrong.flat()).toEqual([]);
  expect(told.filter(({ kind }) => kind !== 'alarm')).toEqual([]);
});

function running(): LocalRegion {
  if (!region) throw new Error('The region does not run.');
  return region;
}

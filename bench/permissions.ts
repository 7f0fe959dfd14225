import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Denial, LocalRegion, Usage, type WeighedGrant } from '@tidemark/region';
import { layerModules } from '../laptop/layer-modules.ts';
import type { Screen } from '../laptop/progress/screen.ts';
import { defaultSpeed } from '../laptop/start/arguments.ts';
import { Loop } from '../laptop/start/loop.ts';
import { firstMonday, flightStory } from '../laptop/start/replay/flight-traffic.ts';
import { selectFlights } from '../laptop/start/sample-flights.ts';
import { synthesise } from '../laptop/start/synthesis.ts';

/**
 * Runs the whole loop of `npm start` and holds every role's policies against what the roles have asked for: what is missing, what was
 * needed (without it something would have been refused), what is granted twice, and what nothing asked for. The last are candidates
 * for removal, not verdicts: failures, cancellations and users' own images ask for more than a loop that goes well.
 *
 *   npx tsx bench/permissions.ts
 *   npx tsx bench/permissions.ts --assembly cdk.out   # one that is synthesised already, of another configuration say
 */
const { values } = parseArgs({ options: { assembly: { type: 'string' } } });

const silent: Screen = { isLive: false, print: () => {}, live: () => {}, close: () => {} };

const directory = mkdtempSync(join(tmpdir(), 'tidemark-permissions-'));
const usage = new Usage();
const denials = new Map<string, Denial>();
let decisions = 0;
try {
  const dataFile = join(directory, 'samples/flights-east.parquet');
  const { first, traffic } = flightStory(firstMonday);
  await selectFlights(dataFile, first);
  const region = await LocalRegion.start({
    assemblyDirectory: values.assembly ?? (await synthesised()),
    stateDirectory: join(directory, 'region'),
    layerModules,
    speed: defaultSpeed,
    onDecision(question, verdict) {
      decisions += 1;
      usage.record(question, verdict);
    },
    onEvent: (event) => {
      if (event.kind === 'access-denied') denials.set(`${event.principal} ${event.action}`, event);
      if (event.kind === 'fault') throw event.fault;
    },
  });
  try {
    const exitCode = await new Loop({
      region,
      screen: silent,
      signal: new AbortController().signal,
      stateDirectory: directory,
      shownStateDirectory: directory,
    }).run(
      { model: 'flight-delay', definitionFile: 'models/flight-delay.yaml', dataFiles: [dataFile], traffic },
      { exit: true, replay: true },
    );
    report(usage.weigh(region.roles), exitCode);
  } finally {
    await region.stop();
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function synthesised(): Promise<string> {
  const assemblyDirectory = join(directory, 'assembly');
  await synthesise({ projectDirectory: process.cwd(), assemblyDirectory });
  return assemblyDirectory;
}

function report(grants: readonly WeighedGrant[], exitCode: number): void {
  const of = (need: WeighedGrant['need']) => grants.filter((grant) => grant.need === need);
  console.log(`The loop ${exitCode === 0 ? 'has come to its end' : 'has NOT come to its end'}.`);
  console.log(
    `${decisions} decisions: ${usage.questions.length} different requests were allowed, ${denials.size} refused.`,
  );
  for (const { message, nearest } of denials.values()) console.log(`  REFUSED ${message}; ${nearest}`);
  console.log(
    `${grants.length} grants: ${of('needed').length} needed, ${of('double').length} granted twice, ${of('unused').length} unused.`,
  );
  for (const { roleArn, action, resource } of of('double'))
    console.log(`  twice: ${nameOf(roleArn)}: ${action} on ${resource}`);
  console.log('\nUnused, by action: how many of the roles that are granted it have not used it at all\n');
  for (const line of unusedByAction(grants)) console.log(`  ${line}`);
  mkdirSync('build', { recursive: true });
  const kept = grants.map(({ roleArn, statement, action, resource, need }) => {
    return { role: nameOf(roleArn), statement: statement.title, action, resource, need };
  });
  writeFileSync('build/permissions.json', `${JSON.stringify(kept, undefined, 2)}\n`);
  console.log('\nbuild/permissions.json has all of it.');
}

/** Actions that some role has not used on any resource, those of most roles first. */
function unusedByAction(grants: readonly WeighedGrant[]): string[] {
  return [...new Set(grants.map(({ action }) => action))]
    .map((action) => {
      const granted = grants.filter((grant) => grant.action === action);
      const all = new Set(granted.map(({ roleArn }) => roleArn));
      const using = new Set(granted.filter(({ need }) => need !== 'unused').map(({ roleArn }) => roleArn));
      return { action, all: all.size, unused: all.size - using.size };
    })
    .filter(({ unused }) => unused > 0)
    .sort((one, other) => other.unused - one.unused || one.action.localeCompare(other.action))
    .map(({ action, all, unused }) => `${action.padEnd(36)} ${unused} of ${all}`);
}

function nameOf(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}

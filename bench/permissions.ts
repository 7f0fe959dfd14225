import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Denial } from '../local/iam/denial.ts';
import { Usage, type WeighedGrant } from '../local/iam/usage.ts';
import type { Screen } from '../local/progress/screen.ts';
import { LocalRegion } from '../local/region.ts';
import { defaultSpeed } from '../local/start/arguments.ts';
import { Loop } from '../local/start/loop.ts';
import { firstMonday, flightStory } from '../local/start/replay/flight-traffic.ts';
import { selectFlights } from '../local/start/sample-flights.ts';
import { synthesise } from '../local/start/synthesis.ts';

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
try {
  const dataFile = join(directory, 'samples/flights-east.parquet');
  const { first, traffic } = flightStory(firstMonday);
  await selectFlights(dataFile, first);
  const region = await LocalRegion.start({
    assemblyDirectory: values.assembly ?? (await synthesised()),
    stateDirectory: join(directory, 'region'),
    speed: defaultSpeed,
    onDecision: usage.record,
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
  console.log(`${usage.questions.length} different requests were allowed, ${denials.size} refused.`);
  for (const { message, nearest } of denials.values()) console.log(`  REFUSED ${message}; ${nearest}`);
  console.log(
    `${grants.length} grants: ${of('needed').length} needed, ${of('double').length} granted twice, ${of('unused').length} unused.`,
  );
  for (const need of ['double', 'unused'] as const) {
    console.log(`\n${need === 'double' ? 'Granted twice' : 'Unused'}:`);
    for (const line of lines(of(need))) console.log(`  ${line}`);
  }
  mkdirSync('build', { recursive: true });
  const kept = grants.map(({ roleArn, statement, action, resource, need }) => {
    return { role: nameOf(roleArn), statement: statement.title, action, resource, need };
  });
  writeFileSync('build/permissions.json', `${JSON.stringify(kept, undefined, 2)}\n`);
  console.log('\nbuild/permissions.json has all of it.');
}

/** The resources of one action of one role in one line. */
function lines(grants: readonly WeighedGrant[]): string[] {
  const byRole = new Map<string, string[]>();
  for (const { roleArn, action, resource } of grants) {
    const key = `${nameOf(roleArn)}: ${action}`;
    byRole.set(key, [...(byRole.get(key) ?? []), resource]);
  }
  return [...byRole].map(([key, resources]) => `${key} on ${resources.join(', ')}`);
}

function nameOf(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LocalRegion } from '@tidemark/region';
import * as z from 'zod';
import { layerModules } from '../laptop/layer-modules.ts';
import type { Screen } from '../laptop/progress/screen.ts';
import { defaultSpeed } from '../laptop/start/arguments.ts';
import { Loop } from '../laptop/start/loop.ts';
import { flightStory } from '../laptop/start/replay/flight-traffic.ts';
import { selectFlights } from '../laptop/start/sample-flights.ts';
import { synthesise } from '../laptop/start/synthesis.ts';

/**
 * Tells the story of `npm start` from several Mondays, each from nothing, and says how each ended: whether weeks without a change stay
 * without an alarm, and how often a retraining is worth it. The product decides; nothing is chosen by its outcome.
 *
 *   npx tsx bench/retraining-worth.ts --mondays 2001-01-01,2001-01-22
 */
const { values } = parseArgs({
  options: {
    mondays: {
      type: 'string',
      default: '2001-01-01,2001-01-22,2001-02-12,2001-03-05,2001-03-26,2001-04-16',
    },
  },
});

const summarySchema = z.object({
  versions: z.array(z.object({ version: z.int(), status: z.string() })),
  replay: z.object({
    conclusion: z.object({ kind: z.string(), message: z.string() }),
    windows: z.array(z.object({ verdict: z.string(), alarms: z.record(z.string(), z.string()) })),
    comparison: z
      .object({
        metric: z.string(),
        improvement: z.object({ value: z.number(), atLeast: z.number() }).nullable(),
      })
      .nullable(),
  }),
});
type Story = z.infer<typeof summarySchema>;

const silent: Screen = { isLive: false, print: () => {}, live: () => {}, close: () => {} };

const directory = mkdtempSync(join(tmpdir(), 'tidemark-worth-'));
try {
  const assemblyDirectory = join(directory, 'assembly');
  await synthesise({ projectDirectory: process.cwd(), assemblyDirectory });
  const stories: { monday: string; story: Story }[] = [];
  for (const monday of values.mondays.split(',')) {
    const story = await tell(monday, assemblyDirectory);
    stories.push({ monday, story });
    console.log(line(monday, story));
  }
  mkdirSync('build', { recursive: true });
  writeFileSync('build/retraining-worth.json', `${JSON.stringify(stories, undefined, 2)}\n`);
  console.log('\nbuild/retraining-worth.json has all of it.');
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function tell(monday: string, assemblyDirectory: string): Promise<Story> {
  const stateDirectory = join(directory, monday);
  const { first, traffic } = flightStory(monday);
  const dataFile = join(stateDirectory, 'samples/flights-east.parquet');
  await selectFlights(dataFile, first);
  const region = await LocalRegion.start({
    assemblyDirectory,
    stateDirectory: join(stateDirectory, 'region'),
    layerModules,
    speed: defaultSpeed,
  });
  try {
    const { signal } = new AbortController();
    const loop = new Loop({
      region,
      screen: silent,
      signal,
      stateDirectory,
      shownStateDirectory: stateDirectory,
    });
    const definitionFile = 'models/flight-delay.yaml';
    const subject = { model: 'flight-delay', definitionFile, dataFiles: [dataFile], traffic };
    await loop.run(subject, { exit: true, replay: true });
  } finally {
    await region.stop();
  }
  return summarySchema.parse(JSON.parse(readFileSync(join(stateDirectory, 'summary.json'), 'utf8')));
}

function line(monday: string, { versions, replay }: Story): string {
  const { conclusion, windows, comparison } = replay;
  const verdicts = windows.map(({ verdict, alarms }) => `${verdict}${alarms.drift === 'ALARM' ? '!' : ''}`);
  const improvement = comparison?.improvement;
  const gain = improvement
    ? `${comparison.metric} ${improvement.value.toFixed(4)} (at least ${improvement.atLeast.toFixed(4)})`
    : 'nothing compared';
  const last = versions.at(-1);
  return `${monday}  ${conclusion.kind.padEnd(11)} ${verdicts.join(' ')}  ${gain}  version ${last?.version} ${last?.status}`;
}

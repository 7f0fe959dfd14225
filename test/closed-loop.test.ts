import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DomainEventType } from '@tidemark/domain/events/domain-events.schema.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Progress } from '../laptop/progress/progress.ts';
import type { Screen } from '../laptop/progress/screen.ts';
import { RegionWatch } from '../laptop/start/region-watch.ts';
import type { TrafficWindow } from '../laptop/start/replay/flight-traffic.ts';
import { Replay, type Replayed } from '../laptop/start/replay/replay.ts';
import { selectFlights } from '../laptop/start/sample-flights.ts';
import { wronglyLogged } from './support/invocation-lines.ts';
import { ProductUser } from './support/product-user.ts';
import { type RegionUnderTest, startRegion } from './support/region.ts';
import { endWithFirstFailure } from './support/story.ts';

/** The last week of three is the hold-out, so that it has every day of the week. */
const definition = `
name: late
problem: binary
target: { column: delay, above: 15 }
time: date
split: { validation: 0.1667, holdout: 0.3333 }
ingestion: { quietSeconds: 60 }
training:
  hyperparameters: { num_round: 20, max_depth: 5 }
gates:
  champion: { margin: 0.05 }
`;

/** Real flights: one of eight for the first version, and then one of sixteen a week. */
const learnt = { from: '2001-01-01', until: '2001-01-22', leaving: 'east', everyNth: 8 } as const;
const traffic: readonly TrafficWindow[] = [
  week('known', '2001-01-22', '2001-01-29', 'east'),
  week('unknown-1', '2001-01-29', '2001-02-05', 'west'),
  week('unknown-2', '2001-02-05', '2001-02-12', 'west'),
];

function week(name: string, from: string, until: string, leaving: 'east' | 'west'): TrafficWindow {
  return { name, what: `flights from the ${leaving}`, flights: { from, until, leaving, everyNth: 16 } };
}

const silent: Screen = { isLive: false, print: () => {}, live: () => {}, close: () => {} };

const capabilities = readdirSync('functions', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

let directory: string;
let subject: RegionUnderTest;
let user: ProductUser;
let replayed: Replayed;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tidemark-closed-loop-'));
  writeFileSync(path('late.yaml'), definition);
  await selectFlights(path('learnt.parquet'), learnt);
  subject = await startRegion();
  user = new ProductUser(subject.region, 'late');
});
afterAll(async () => {
  await subject.stop();
  rmSync(directory, { recursive: true, force: true });
});

const path = (name: string) => join(directory, name);

async function replay(): Promise<Replayed> {
  const { region } = subject;
  const { clients, model } = user;
  const { executions, registry } = clients;
  const progress = new Progress({ screen: silent, functionLabel: (name) => name, since: Date.now() });
  const watch = new RegionWatch({ executions, registry, progress, screen: silent, model });
  await watch.begin();
  const { signal } = new AbortController();
  const stage = 'dev';
  const options = {
    region,
    clients,
    watch,
    screen: silent,
    signal,
    model,
    stage,
    stateDirectory: directory,
    traffic,
  };
  return await new Replay(options).run();
}

async function types(): Promise<DomainEventType[]> {
  return (await user.events()).map(({ type }) => type);
}

// One story: each test continues where the one before has ended.
describe('from traffic to a retrained version', () => {
  endWithFirstFailure();

  it('begins with a version that knows some airports', async () => {
    await user.dropDefinition(path('late.yaml'));
    await user.event('model.onboarded');
    await user.dropData('learnt.parquet', path('learnt.parquet'));
    await user.event('deployment.succeeded');

    expect(await user.record()).toMatchObject({ liveVersion: 1 });
  });

  it('closes the loop on rows that the model has never seen', async () => {
    replayed = await replay();

    expect(replayed.conclusion).toMatchObject({ kind: 'closed' });
    expect(await user.record()).toMatchObject({ liveVersion: 2, lease: null });
    // Four windows with their labels, and two trainings: more than other tests.
  }, 600_000);

  it('judges every prediction once, each in the window in which it was made', () => {
    const rows = replayed.windows.map(({ name, asked, rows }) => ({ name, left: asked - rows }));

    expect(rows).toEqual(traffic.map(({ name }) => ({ name, left: 0 })));
  });

  it('calls nothing drift, and sounds no alarm, while the airports are those it knows', () => {
    const [known] = replayed.windows;

    expect(known).toMatchObject({ name: 'known', verdict: 'stable' });
    expect(known?.alarms.drift).not.toBe('ALARM');
  });

  it('calls it drift when they are others, and sounds the alarm at the second window', () => {
    const [, first, second] = replayed.windows;

    expect(first?.verdict).toBe('drift');
    expect(first?.columns.map(({ name }) => name)).toContain('origin');
    expect(first?.alarms.drift).not.toBe('ALARM');
    expect(second).toMatchObject({ verdict: 'drift', alarms: { drift: 'ALARM' } });
  });

  it('trains again with the labels that have come, compared with the live version on the same hold-out', async () => {
    const [first, second] = await user.versions();
    const labelled = replayed.windows.slice(0, -1).reduce((sum, { rows }) => sum + rows, 0);

    expect(second).toMatchObject({ version: 2, status: 'live', comparedWith: 1 });
    expect(second?.gates.find(({ gate }) => gate === 'champion')?.passed).toBe(true);
    expect((second?.dataset.rows ?? 0) - (first?.dataset.rows ?? 0)).toBeLessThanOrEqual(labelled);
    expect((second?.dataset.rows ?? 0) - (first?.dataset.rows ?? 0)).toBeGreaterThan(labelled * 0.99);
  });

  it('tells why each thing happened, in order', async () => {
    const story = await types();
    const order = [
      'drift.detected',
      'retraining.started',
      'dataset.committed',
      'training.started',
      'deployment.succeeded',
    ];

    const places = order.map((type) => story.lastIndexOf(type as DomainEventType));

    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(-1);
    expect(story.filter((type) => type === 'retraining.started')).toHaveLength(1);
  });

  it('has one line in the logs for each invocation of a function, in all state machines', async () => {
    const invocations = subject.invocations();
    const lines = invocations.flatMap((invocation) => invocation.lines);
    const ofMachines = lines.filter(({ capability }) => capability !== 'capture');

    expect(wronglyLogged(invocations)).toEqual([]);
    expect(new Set(lines.map(({ capability }) => capability))).toEqual(new Set(capabilities));
    expect(ofMachines.filter(({ executionArn }) => executionArn === undefined)).toEqual([]);
    expect(lines.filter(({ model, objectKey }) => model !== 'late' && objectKey === undefined)).toEqual([]);
    expect(lines.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    // Of what is announced, the line has the same words.
    const events = await user.clients.registry.events('late');
    const words = new Set(events.map(({ detail }) => detail.message));
    const said = lines.flatMap(({ message }) => message ?? []);
    expect(said.length).toBeGreaterThan(10);
    expect(said.filter((message) => !words.has(message))).toEqual([]);
  });

  it('leaves a page for every window', () => {
    const pages = replayed.windows.map(({ report }) => readFileSync(path(report), 'utf8'));

    expect(pages).toHaveLength(traffic.length);
    expect(pages.every((page) => page.includes('<html'))).toBe(true);
  });

  it('replays nothing again', async () => {
    const before = await types();

    const again = await replay();

    expect(again.windows).toEqual(replayed.windows);
    expect(again.conclusion).toEqual(replayed.conclusion);
    expect(await types()).toEqual(before);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { smokeSchema } from '@tidemark/domain/datasets/smoke.schema.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectFlights } from '../laptop/start/sample-flights.ts';
import { ProductUser } from './support/product-user.ts';
import { type RegionUnderTest, startRegion } from './support/region.ts';
import { endWithFirstFailure } from './support/story.ts';

/** Two days of real flights, about 16,000 each: enough to beat a guess, little enough to be quick. */
const days = {
  first: { from: '2001-01-03', until: '2001-01-04' },
  second: { from: '2001-01-04', until: '2001-01-05' },
};

const definition = `
name: late
problem: binary
target: { column: delay, above: 15 }
ingestion: { quietSeconds: 60 }
training:
  hyperparameters: { num_round: 20, max_depth: 5 }
gates:
  champion: { margin: 0.02 }
`;

let directory: string;
let subject: RegionUnderTest;
let user: ProductUser;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tidemark-loop-'));
  writeFileSync(path('late.yaml'), definition);
  await selectFlights(path('first.csv'), days.first);
  await selectFlights(path('second.parquet'), days.second);
  writeFileSync(path('bad.csv'), 'date,delay\n2001-01-05 10:00:00,not a number of minutes\n');
  subject = await startRegion({ processes: true });
  user = new ProductUser(subject.region, 'late');
});
afterAll(async () => {
  await subject.stop();
  rmSync(directory, { recursive: true, force: true });
});

const path = (name: string) => join(directory, name);
const flight = { date: '2001-01-04T18:30:00Z', distance: 599, origin: 'ATL', destination: 'DFW' };

// One story: each test continues where the one before has ended.
describe('from a dropped file to a live endpoint', () => {
  endWithFirstFailure();

  it('makes a registered version that its endpoint is proven to serve', async () => {
    await user.dropDefinition(path('late.yaml'));
    await user.event('model.onboarded');
    await user.dropData('first.csv', path('first.csv'));
    await user.event('deployment.succeeded');

    const version = await user.version(1);
    expect(await user.record()).toMatchObject({ liveVersion: 1, lease: null });
    expect(version).toMatchObject({
      status: 'live',
      comparedWith: null,
      training: { imageDigest: expect.stringMatching(/^sha256:/) },
      served: { endpointName: 'tidemark-dev-late' },
    });
    expect(version.gates.every(({ passed }) => passed)).toBe(true);
    expect(version.metrics.auc?.low).toBeGreaterThan(0.5);
    expect(version.metrics.auc?.high).toBeGreaterThan(version.metrics.auc?.value ?? 1);
  });

  it('tells the story in events, each with a sentence', async () => {
    const events = await user.events();

    expect(events.map(({ type }) => type)).toEqual([
      'model.onboarded',
      'dataset.committed',
      'training.started',
      'version.registered',
      'version.gated',
      'version.approved',
      'deployment.succeeded',
    ]);
    expect(
      events.every(({ detail }) => /^[A-Z`].*\.$/s.test(detail.message) || detail.message.startsWith('late')),
    ).toBe(true);
  });

  it('answers what the evaluation recorded, and raw records that it has never seen', async () => {
    const version = await user.version(1);
    const smoke = smokeSchema.parse(JSON.parse(await user.clients.objects.readText(version.smoke)));

    const [probability = Number.NaN, ...others] = await user.predict(version, flight);

    expect(smoke.rows.length).toBeGreaterThan(0);
    expect(others).toEqual([]);
    expect(probability).toBeGreaterThan(0);
    expect(probability).toBeLessThan(1);
  });

  it('does nothing when the same file comes again, under whatever name', async () => {
    const events = await user.eventTypes();
    await user.dropData('again.csv', path('first.csv'));
    await user.atRest();

    expect(await user.eventTypes()).toEqual(events);
    expect(await user.versions()).toHaveLength(1);
  });

  it('replaces the version by one from more data, compared on the same hold-out', async () => {
    await user.dropData('second.parquet', path('second.parquet'));
    await user.event('deployment.succeeded', 2);

    const [first, second] = await user.versions();
    expect(first?.status).toBe('retired');
    expect(second).toMatchObject({ version: 2, status: 'live', comparedWith: 1 });
    expect(second?.gates.find(({ gate }) => gate === 'champion')).toMatchObject({ passed: true });
    expect(second?.dataset.rows).toBeGreaterThan(first?.dataset.rows ?? Number.POSITIVE_INFINITY);
    expect(await user.record()).toMatchObject({ liveVersion: 2, lease: null });
  });

  it('quarantines a bad file with a report, and goes on serving', async () => {
    const version = await user.version(2);
    const before = await user.predict(version, flight);
    await user.dropData('bad.csv', path('bad.csv'));

    const rejected = await user.event('data.rejected');
    await user.atRest();

    const report = await user.clients.objects.readCurrent(user.clients.dataBucket, rejected.detail.reportKey);
    expect(rejected.detail.files).toEqual([expect.stringContaining('bad.csv')]);
    expect(report).toContain('bad.csv');
    expect(await user.record()).toMatchObject({ liveVersion: 2 });
    expect(await user.predict(version, flight)).toEqual(before);
  });

  it('serves the same after a restart', async () => {
    const version = await user.version(2);
    const before = await user.predict(version, flight);

    await subject.restart();
    user = new ProductUser(subject.region, 'late');

    expect(await user.predict(version, flight)).toEqual(before);
  });
});

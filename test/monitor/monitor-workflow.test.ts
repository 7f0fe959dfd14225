import { episodeAlarmed } from '@tidemark/domain/registry/monitors.client.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Flight, usualFlights } from '../domain/windows/rows.ts';
import type { Machine } from '../support/machine.ts';
import { isLate } from './baselines.ts';
import { type MonitorRegion, startMonitorRegion } from './monitor-region.ts';
import { ago, MonitoredModel } from './monitored-model.ts';

let region: MonitorRegion;
let machine: Machine;
let model: MonitoredModel;

beforeAll(async () => {
  region = await startMonitorRegion();
  machine = region.monitor;
});
afterAll(() => region.stop());
beforeEach(async () => {
  model = await MonitoredModel.live(region);
});

/** Flights that are longer than those that training knew. */
const longFlights: readonly Flight[] = usualFlights.map((flight) => ({
  ...flight,
  distance: (flight.distance ?? 0) + 2000,
}));

describe('a window of usual predictions', () => {
  it('is stable, on record, reported, announced and published', async () => {
    await model.capture(ago(3), usualFlights);

    const end = await machine.run(model.scheduled(ago(2)));

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'monitored' } });
    expect(await model.window(ago(2))).toMatchObject({
      version: 1,
      rows: 600,
      verdict: 'stable',
      measures: { drift: 0, driftedColumns: 0, windowRows: 600 },
    });
    expect(await model.report(ago(2))).toMatchObject({ model: model.name, drift: { verdict: 'stable' } });
    expect(await model.announced()).toEqual(['window.monitored']);
    expect(await model.figures('Drift')).toEqual([0]);
    expect(await model.figures('WindowRows')).toEqual([600]);
    expect(await model.monitor()).toMatchObject({ running: null, drift: null });
  });

  it('that is started by hand ends when it was started', async () => {
    await model.capture(ago(1), usualFlights);

    const end = await machine.run({ model: model.name });

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'monitored' } });
    expect(await model.windows()).toMatchObject([{ rows: 600, verdict: 'stable' }]);
  });
});

describe('a window without predictions', () => {
  it('is none, and no figure says that nothing has drifted', async () => {
    await machine.run(model.scheduled(ago(2)));

    expect(await model.windows()).toEqual([]);
    expect(await model.figures('Drift')).toEqual([]);
    expect(await model.figures('DriftedColumns')).toEqual([]);
    expect(await model.figures('WindowRows')).toEqual([0]);
  });

  it('leaves an episode as it is', async () => {
    await model.capture(ago(5), longFlights);
    await machine.run(model.scheduled(ago(4)));

    await machine.run(model.scheduled(ago(3)));

    expect((await model.monitor())?.drift).toMatchObject({ windowId: (await model.window(ago(4))).windowId });
    expect(await model.figures('Drift')).toEqual([1]);
  });
});

describe('drift', () => {
  /** A window of these flights. */
  async function look(hours: number, flights: readonly Flight[], more = {}): Promise<void> {
    await model.capture(ago(hours), flights, more);
    expect(await machine.run(model.scheduled(ago(hours)))).toMatchObject({ status: 'SUCCEEDED' });
  }
  const kinds = async () => (await model.announced()).filter((type) => type.startsWith('drift.'));
  const drifting = async () => {
    const episode = (await model.monitor())?.drift;
    if (!episode) throw new Error('Nothing drifts.');
    return { model: model.name, kind: 'drift' as const, episodeId: episode.episodeId };
  };

  it('is detected once, and cleared by a window that is as training was', async () => {
    await look(5, longFlights);
    await look(4, longFlights);
    await look(3, usualFlights);

    expect(await kinds()).toEqual(['drift.detected', 'drift.cleared']);
    expect(await model.figures('Drift')).toEqual([1, 1, 0]);
    const [detected] = (await model.events()).filter((event) => event['detail-type'] === 'drift.detected');
    expect(detected?.detail).toMatchObject({ version: 1, features: ['distance'] });
    expect((await model.monitor())?.drift).toBeNull();
  });

  it('sounds the alarm with the second bad window of one version, and not of two', async () => {
    await look(6, longFlights);
    await model.goLive(2);
    await look(5, longFlights, { version: 2 });
    await look(4, longFlights, { version: 2 });

    expect(await model.figures('Drift')).toEqual([1, 1, 1]);
    expect(await model.figures('DriftAlarm')).toEqual([0, 0, 1]);
    expect((await model.window(ago(4))).measures).toMatchObject({ driftAlarm: 1 });
    const detected = (await model.events()).filter((event) => event['detail-type'] === 'drift.detected');
    const once = expect.stringMatching(/The alarm is off: 1 of the latest 3 windows .* and it asks for 2\.$/);
    expect(detected.map(({ detail }) => Object(detail).message)).toEqual([once, once]);
  });

  it('that has sounded its alarm is told with each further window until a retraining answers it', async () => {
    await look(5, longFlights);
    await model.table.transact([episodeAlarmed(await drifting(), ago(5))]);
    await look(4, longFlights);
    await model.answer(await drifting(), 'retraining-1', 'open');
    await look(3, longFlights);

    expect(await kinds()).toEqual(['drift.detected', 'drift.continued']);
    expect((await model.monitor())?.drift).toMatchObject({
      alarmedAt: ago(5).toISOString(),
      retrainingId: 'retraining-1',
    });
  });

  it('is told again when its retraining has come to nothing', async () => {
    await look(6, longFlights);
    await model.table.transact([episodeAlarmed(await drifting(), ago(5))]);
    await model.answer(await drifting(), 'retraining-1', 'open');
    await look(5, longFlights);
    await model.answer(await drifting(), 'retraining-2', 'abandoned', 'retraining-1');
    await look(4, longFlights);

    expect(await kinds()).toEqual(['drift.detected', 'drift.continued']);
  });

  it('of a version is followed no further when another one is live, which is no good news', async () => {
    await look(5, longFlights);
    await model.goLive(2);

    await model.capture(ago(4), usualFlights, { version: 2 });
    await machine.run(model.scheduled(ago(4)));

    expect(await kinds()).toEqual(['drift.detected', 'drift.superseded']);
    expect(await model.window(ago(4))).toMatchObject({ version: 2, rows: 600 });
  });
});

describe('captures', () => {
  it('of direct callers of the endpoint count like those of the function', async () => {
    await model.capture(ago(3), usualFlights.slice(0, 300));
    const rows = usualFlights.slice(300).map(({ distance, score }, index) => ({
      inferenceId: `direct-${index}`,
      line: `${distance},0.3`,
      score,
    }));
    await model.captureAtEndpoint(ago(3), rows);

    await machine.run(model.scheduled(ago(2)));

    expect(await model.facts(ago(2))).toMatchObject({ rows: 600, leftOut: { malformed: 0 } });
  });

  it('of invocations of our own, and of other versions, are not judged', async () => {
    await model.capture(ago(3), usualFlights);
    await model.capture(ago(3), usualFlights.slice(0, 5), { version: 7 });
    const row = { line: '500,0.3', score: 0.5 };
    await model.captureAtEndpoint(ago(3), [{ ...row, inferenceId: 'tidemark-predict-1' }]);
    await model.captureAtEndpoint(ago(3), [{ ...row, inferenceId: 'direct' }], 9);

    await machine.run(model.scheduled(ago(2)));

    expect(await model.facts(ago(2))).toMatchObject({
      rows: 600,
      leftOut: { malformed: 0, duplicates: 0, otherVersions: { 9: 1 } },
    });
  });

  it('of a large window are profiled by a distributed map, slice by slice', async () => {
    for (const part of [usualFlights.slice(0, 300), usualFlights.slice(300)])
      await model.captureLarge(ago(3), part);
    const execution = machine.execution(model.scheduled(ago(2)));

    const end = await execution.run();

    expect(end).toMatchObject({ status: 'SUCCEEDED' });
    expect(execution.states()).toContain('ProfileSlices');
    expect((await model.plan(ago(2))).slices).toEqual([
      { first: 0, count: 1 },
      { first: 1, count: 1 },
    ]);
    expect(await model.facts(ago(2))).toMatchObject({
      rows: 600,
      profile: { rows: 600 },
      leftOut: { malformed: 2 },
    });
    expect((await model.report(ago(2))).drift.verdict).toBe('stable');
  });
});

describe('labels', () => {
  it('that were too many are announced, and the window goes on', async () => {
    await model.capture(ago(3), usualFlights);
    const key = `labels/${model.name}/all.csv`;

    const end = await machine.run(model.scheduled(ago(2)), {
      async after(task) {
        // A gigabyte of labels would take a minute of every test run; what they lead to is tested in label-files.client.test.ts.
        if (task === 'JoinLabels') await model.refuseLabels(ago(2), key);
      },
    });

    expect(end).toMatchObject({ status: 'SUCCEEDED' });
    expect(await model.announced()).toEqual(['window.monitored', 'labels.refused']);
    expect((await model.report(ago(2))).notes).toContainEqual(
      `Labels were not taken: ${key} (it is too large). Put them again, in smaller files.`,
    );
  });

  const labelled = (ids: readonly string[], flights: readonly Flight[]) =>
    Object.fromEntries(ids.map((id, index) => [id, flights[index] && isLate(flights[index]) ? 30 : 0]));

  it('of this window and of earlier ones are joined, each prediction once', async () => {
    const first = await model.capture(ago(5), usualFlights);
    await machine.run(model.scheduled(ago(4)));
    const second = await model.capture(ago(3), usualFlights);
    await model.label(labelled(first.slice(0, 250), usualFlights));
    await model.label(labelled(second.slice(0, 50), usualFlights));

    await machine.run(model.scheduled(ago(2)));

    const { labels, labelled: sample } = await model.facts(ago(2));
    expect(labels).toEqual({
      joined: 300,
      formerVersions: 0,
      unmatched: 0,
      repeated: 0,
      conflicting: 0,
      malformed: 0,
      unknownClass: 0,
      notYet: 0,
    });
    const windowIds = sample.kept.map(({ windowId }) => windowId);
    const [before, now] = [await model.window(ago(4)), await model.window(ago(2))];
    expect(windowIds.filter((id) => id === before.windowId)).toHaveLength(250);
    expect(windowIds.filter((id) => id === now.windowId)).toHaveLength(50);
  });

  it('that come before their predictions wait for them', async () => {
    const ids = ['early-0', 'early-1'];
    await model.label({ 'early-0': 30, 'early-1': 0, 'nobody-s': 0 });
    await machine.run(model.scheduled(ago(4)));
    for (const inferenceId of ids) {
      await model.capture(ago(3), usualFlights.slice(0, 1), { inferenceId });
    }

    await machine.run(model.scheduled(ago(2)));

    expect((await model.facts(ago(4))).labels).toMatchObject({ joined: 0, unmatched: 3 });
    expect((await model.facts(ago(2))).labels).toMatchObject({ joined: 2, unmatched: 0 });
  });

  it('of a version that was replaced meanwhile are told from those of nobody', async () => {
    const [one = '', two = ''] = await model.capture(ago(6), usualFlights);
    await machine.run(model.scheduled(ago(5)));
    await model.goLive(2);
    await model.label({ [one]: 30, [two]: 30, stranger: 1 });

    await machine.run(model.scheduled(ago(4)));

    expect((await model.facts(ago(4))).labels).toMatchObject({ joined: 0, formerVersions: 2, unmatched: 1 });
    expect((await model.report(ago(4))).notes).toContain(
      '2 labels are of predictions of versions that are not judged any more.',
    );
  });

  it('that are repeated, contradictory, unreadable or of nobody are counted, and a finished window stands', async () => {
    const [one = '', two = '', three = ''] = await model.capture(ago(5), usualFlights);
    await model.label({ [one]: 30, [two]: 30 });
    await machine.run(model.scheduled(ago(4)));
    await model.label({ [one]: 30, [two]: 0, [three]: 'whenever', stranger: 1 });

    await machine.run(model.scheduled(ago(2)));

    expect((await model.facts(ago(4))).labels).toMatchObject({ joined: 2 });
    expect((await model.facts(ago(2))).labels).toEqual({
      joined: 0,
      formerVersions: 0,
      unmatched: 1,
      repeated: 1,
      conflicting: 1,
      malformed: 0,
      unknownClass: 1,
      notYet: 0,
    });
  });
});

describe('quality', () => {
  const truth = (flight: Flight) => (isLate(flight) ? 30 : 0);
  /** A window of usual flights, and what became of them. */
  async function look(hours: number, labelOf: (flight: Flight) => number, more = {}): Promise<void> {
    const ids = await model.capture(ago(hours), usualFlights, more);
    await model.label(
      Object.fromEntries(usualFlights.map((flight, index) => [ids[index] ?? '', labelOf(flight)])),
    );
    await machine.run(model.scheduled(ago(hours)));
  }

  it('that is lost is told once, and again when it is back', async () => {
    await look(5, truth);
    await look(4, (flight) => 30 - truth(flight));
    await look(3, truth);

    const kinds = (await model.announced()).filter((type) => type.startsWith('quality.'));
    expect(kinds).toEqual(['quality.degraded', 'quality.recovered']);
    expect(await model.figures('QualityDegraded')).toEqual([0, 1, 0]);
    expect(await model.figures('Drift')).toEqual([0, 0, 0]);
  });

  it('that is lost in one window of each of two versions sounds no alarm', async () => {
    const wrong = (flight: Flight) => 30 - truth(flight);
    await look(6, wrong);
    await model.goLive(2);
    await look(5, wrong, { version: 2 });
    await look(4, wrong, { version: 2 });

    expect(await model.figures('QualityDegraded')).toEqual([1, 1, 1]);
    expect(await model.figures('QualityAlarm')).toEqual([0, 0, 1]);
  });
});

describe('a model that compares with the window before', () => {
  it('finds drift in a step, and none in what stays', async () => {
    model = await MonitoredModel.live(region, { compareWith: 'previous-window' });
    for (const [hours, flights] of [
      [6, usualFlights],
      [5, longFlights],
      [4, longFlights],
    ] as const) {
      await model.capture(ago(hours), flights);
      await machine.run(model.scheduled(ago(hours)));
    }

    expect((await model.windows()).map(({ verdict }) => verdict)).toEqual(['stable', 'drift', 'stable']);
    const report = await model.report(ago(4));
    const before = await model.window(ago(5));
    expect(report.reference).toMatchObject({ kind: 'previous-window', windowIds: [before.windowId] });
    expect(report.evidence.references).toMatchObject([before.profile]);
  });
});

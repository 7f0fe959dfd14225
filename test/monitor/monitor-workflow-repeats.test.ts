import { gzipSync } from 'node:zlib';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { keys } from '@tidemark/domain/registry/keys.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StateError } from '../../packages/region/states/state-error.ts';
import { usualFlights } from '../domain/windows/rows.ts';
import type { Execution, Machine } from '../support/machine.ts';
import { putModel } from '../support/registry.ts';
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

const some = usualFlights.slice(0, 10);
const rows = async () => (await model.windows()).map((window) => window.rows);

describe('a schedule that fires twice', () => {
  it('makes one window; the second execution says that there is one', async () => {
    await model.capture(ago(3), some);
    await machine.run(model.scheduled(ago(2)));

    const second = await machine.run(model.scheduled(ago(2)));

    expect(second).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'skipped' } });
    expect(await rows()).toEqual([10]);
    expect(await model.announced()).toEqual(['window.monitored', 'monitoring.skipped']);
  });
});

describe('a run that overlaps the next', () => {
  it('goes on; the next says that it did not look, and nothing is lost', async () => {
    await model.capture(ago(4), some);
    let next: unknown;
    await machine.run(model.scheduled(ago(3)), {
      async before(task) {
        if (task !== 'MergeWindow') return;
        await model.capture(ago(3), some);
        next = await machine.run(model.scheduled(ago(2)));
      },
    });

    await machine.run(model.scheduled(ago(1)));

    expect(next).toMatchObject({
      output: { outcome: 'skipped', message: expect.stringMatching(/is looking at another window/) },
    });
    expect(await rows()).toEqual([10, 10]);
  });

  it('and has lost its turn records nothing', async () => {
    await model.capture(ago(4), some);
    const execution = machine.execution(model.scheduled(ago(3)), {
      async before(task) {
        if (task !== 'JudgeWindow') return;
        const owner = 'arn:another';
        const record = { ...(await model.monitor()), running: { owner, until: ago(-1).toISOString() } };
        await model.table.put({ Item: { ...keys.monitor(model.name), ...record } });
      },
    });

    expect(await execution.run()).toMatchObject({ errorName: 'MonitoringTakenOverError' });
    expect(await rows()).toEqual([]);
    expect((await model.monitor())?.running).toMatchObject({ owner: 'arn:another' });
  });
});

describe('a task whose answer is lost', () => {
  it('is repeated, and leads to the same window, the same events and the same figures', async () => {
    await model.capture(
      ago(3),
      usualFlights.map((flight) => ({ ...flight, distance: 9000 })),
    );
    const tasks = [
      'StartWindow',
      'PlanWindow',
      'ProfileSlice',
      'FindRepeats',
      'JoinLabels',
      'MergeWindow',
      'JudgeWindow',
    ];
    const lost = new Set(tasks);
    const end = await machine.run(model.scheduled(ago(2)), {
      after(task) {
        if (lost.delete(task))
          throw new StateError('Lambda.SdkClientException', 'The connection was closed.');
      },
    });

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'monitored' } });
    expect([...lost]).toEqual([]);
    expect(await rows()).toEqual([600]);
    expect(await model.announced()).toEqual(['window.monitored', 'drift.detected']);
    expect(await model.figures('Drift')).toEqual([1]);
  });

  it('RecordFailure, leads to one event', async () => {
    await model.capture(ago(3), some);
    let calls = 0;
    await machine.run(model.scheduled(ago(2)), {
      before(task) {
        if (task === 'JoinLabels') throw new StateError('States.Timeout', '');
      },
      after(task) {
        if (task !== 'RecordFailure') return;
        calls += 1;
        if (calls === 1) throw new StateError('Lambda.SdkClientException', 'The connection was closed.');
      },
    });

    expect(calls).toBe(2);
    expect(await model.announced()).toEqual(['monitoring.failed']);
  });

  it('StartWindow, says the same though the other execution has ended meanwhile', async () => {
    const owner = 'arn:another';
    const held = { model: model.name, lastWindowId: null, drift: null, quality: null };
    const put = (running: object | null) =>
      model.table.put({ Item: { ...keys.monitor(model.name), ...held, running } });
    await put({ owner, until: ago(-1).toISOString() });
    let calls = 0;

    const end = await machine.run(model.scheduled(ago(2)), {
      async after(task) {
        if (task !== 'StartWindow') return;
        calls += 1;
        if (calls > 1) return;
        await put(null);
        throw new StateError('Lambda.SdkClientException', 'The connection was closed.');
      },
    });

    expect(end).toMatchObject({ output: { outcome: 'skipped' } });
    expect(await model.announced()).toEqual(['monitoring.skipped']);
  });
});

describe('the monitoring that StartWindow took before its answer was lost', () => {
  it('is free when the next attempt finds nothing to look at', async () => {
    const end = await machine.run(model.scheduled(ago(2)), {
      async after(task) {
        const running = (await model.monitor())?.running ?? null;
        if (task !== 'StartWindow' || running === null) return;
        await model.movePointer(null);
        throw new StateError('Runtime.ExitError', 'Memory ran out.');
      },
    });

    expect(end).toMatchObject({ output: { outcome: 'skipped' } });
    expect(await model.monitor()).toMatchObject({ running: null });
  });
});

describe('an execution that was interrupted', () => {
  it.each(['PlanWindow', 'ProfileSlice', 'FindRepeats', 'JudgeWindow', 'putMetricData', 'putEvents'])(
    'before %s goes on where it was',
    async (interrupted) => {
      await model.capture(ago(3), some);
      const stopping = new AbortController();
      let isInterrupted = false;
      const execution: Execution = machine.execution(model.scheduled(ago(2)), {
        before(task) {
          if (task !== interrupted || isInterrupted) return;
          isInterrupted = true;
          stopping.abort(new Error('stopped'));
        },
      });
      await execution.run(stopping.signal).catch(() => undefined);

      const end = await execution.run();

      expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'monitored' } });
      expect(await rows()).toEqual([10]);
    },
  );
});

describe('an idle model', () => {
  const one = usualFlights.slice(0, 1);

  it('has an event and a figure for each window, and no report', async () => {
    let planned = 0;
    for (const hours of [5, 4]) {
      const end = await machine.run(model.scheduled(ago(hours)), {
        after(task) {
          if (task !== 'PlanWindow') return;
          planned += 1;
          if (planned === 1) throw new StateError('Lambda.SdkClientException', 'The connection was closed.');
        },
      });
      expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'skipped' } });
    }

    expect(await model.windows()).toEqual([]);
    expect(await model.announced()).toEqual(['monitoring.skipped', 'monitoring.skipped']);
    expect((await model.events())[0]?.detail).toMatchObject({ code: 'nothing-came' });
    expect(await model.figures('WindowRows')).toEqual([0, 0]);
    expect(await model.monitor()).toMatchObject({ running: null, lastWindowId: null });
  });

  it('has a window again with the first prediction, or the first label, that comes', async () => {
    const [id = ''] = await model.capture(ago(6), one);
    await machine.run(model.scheduled(ago(5)));
    await machine.run(model.scheduled(ago(4)));
    await model.label({ [id]: 30 });
    await machine.run(model.scheduled(ago(3)));
    await machine.run(model.scheduled(ago(2)));
    await model.capture(ago(6), one);
    await machine.run(model.scheduled(ago(1)));

    expect(await rows()).toEqual([1, 0, 1]);
    expect((await model.facts(ago(3))).labels).toMatchObject({ joined: 1 });
  });
});

describe('captures that are', () => {
  it('late are in the window after they came, whatever hour they are of', async () => {
    await model.capture(ago(5), some);
    await machine.run(model.scheduled(ago(4)));
    await model.capture(ago(30), some);
    await model.capture(ago(5), some);

    await machine.run(model.scheduled(ago(3)));
    await machine.run(model.scheduled(ago(2)));

    expect(await rows()).toEqual([10, 20]);
  });

  it('later than that are in the window of the next day’s sweep, which says so', async () => {
    await model.capture(ago(90), some);
    await machine.run(model.scheduled(ago(85)));
    await model.capture(ago(200), some);
    await machine.run(model.scheduled(ago(80)));
    await model.capture(ago(60), some);

    await machine.run(model.scheduled(ago(55)));
    await machine.run(model.scheduled(ago(25)));

    expect(await rows()).toEqual([10, 20, 0]);
    const said = /1 object of captures came more than two days late and is judged with this window\./;
    expect((await model.report(ago(55))).notes).toContainEqual(expect.stringMatching(said));
    expect((await model.events())[2]?.detail).toMatchObject({ message: expect.stringMatching(said) });
    expect((await model.report(ago(25))).counts.lateCaptures).toEqual({ taken: 0, left: 0 });
  });

  it('of a clock that is ahead, or behind, are in the window after they came', async () => {
    await model.capture(ago(-30), some, { time: '2099-01-01T00:00:00.000Z' });
    await machine.run(model.scheduled(ago(4)));
    await model.capture(ago(4), some, { time: '1970-01-01T00:00:00.000Z' });
    await machine.run(model.scheduled(ago(3)));

    expect(await rows()).toEqual([10, 10]);
  });

  it('delivered twice count once', async () => {
    const line = JSON.stringify({
      schemaVersion: 1,
      model: model.name,
      version: 1,
      inferenceId: 'once',
      time: ago(3).toISOString(),
      record: { distance: 300, origin: 'JFK', carrier: 'AA' },
      prediction: [0.5],
    });
    for (let copy = 0; copy < 2; copy += 1) await model.putCapture(ago(3), gzipSync(`${line}\n${line}\n`));

    await machine.run(model.scheduled(ago(2)));

    expect(await model.facts(ago(2))).toMatchObject({ rows: 1, leftOut: { duplicates: 3 } });
  });

  it('delivered again to the next window count in the first', async () => {
    await model.capture(ago(5), some, { inferenceId: 'once' });
    await machine.run(model.scheduled(ago(4)));
    await model.capture(ago(4), some, { inferenceId: 'once' });
    await model.capture(ago(4), some);
    const execution = machine.execution(model.scheduled(ago(3)));

    await execution.run();

    expect(await rows()).toEqual([1, 10]);
    expect((await model.facts(ago(3))).leftOut.duplicates).toBe(10);
    expect(execution.states().filter((state) => state === 'ProfileSlice')).toHaveLength(2);
  });

  it('delivered again many windows later count in the first', async () => {
    await model.capture(ago(9), some, { inferenceId: 'once' });
    for (const hours of [8, 7, 6]) {
      await model.capture(ago(hours), some);
      await machine.run(model.scheduled(ago(hours)));
    }
    await model.capture(ago(5), some, { inferenceId: 'once' });
    await model.capture(ago(5), some);

    await machine.run(model.scheduled(ago(4)));

    expect(await rows()).toEqual([11, 10, 10, 10]);
    expect((await model.facts(ago(4))).leftOut.duplicates).toBe(10);
  });

  it('delivered again in another slice count in the first', async () => {
    await model.captureLarge(ago(3), some, { inferenceId: 'once' });
    await model.captureLarge(ago(3), some, { inferenceId: 'once' });
    await model.capture(ago(2), some);

    await machine.run(model.scheduled(ago(1)));

    expect(await rows()).toEqual([11]);
    expect((await model.facts(ago(1))).leftOut).toMatchObject({ duplicates: 19, malformed: 2 });
  });

  it('broken off, damaged or something else are counted, and take no others with them', async () => {
    await model.capture(ago(3), some);
    const packed = gzipSync(`${'{"schemaVersion":1}\n'.repeat(5)}${Math.random()}`.repeat(100));
    await model.putCapture(ago(3), packed.subarray(0, packed.length / 2));
    await model.putCapture(ago(3), Buffer.from('not packed at all'));
    await model.putCapture(ago(3), gzipSync('{"schemaVersion": 1, "model"\nnonsense\n'));

    const end = await machine.run(model.scheduled(ago(2)));

    expect(end).toMatchObject({ status: 'SUCCEEDED' });
    const { rows: counted, leftOut } = await model.facts(ago(2));
    expect(counted).toBe(10);
    expect(leftOut.malformed).toBeGreaterThanOrEqual(4);
  });

  it('kept from one window to the next by failures are counted once in all', async () => {
    let made = 0;
    for (const [index, fails] of [false, true, true, false, true, false].entries()) {
      await model.capture(ago(20 - index), usualFlights.slice(0, index + 1));
      made += index + 1;
      await machine.run(model.scheduled(ago(15 - index)), {
        before(task) {
          if (fails && task === 'JudgeWindow') throw new StateError('States.Timeout', '');
        },
      });
    }

    expect((await rows()).reduce((sum, count) => sum + count, 0)).toBe(made);
    expect(await rows()).toHaveLength(3);
  });
});

describe('many models whose windows end at once', () => {
  it('are each judged by their own predictions', async () => {
    const models = await Promise.all(Array.from({ length: 12 }, () => MonitoredModel.live(region)));
    await Promise.all(models.map((each, index) => each.capture(ago(3), usualFlights.slice(0, index + 1))));

    const ends = await Promise.all(models.map((each) => machine.run(each.scheduled(ago(2)))));

    expect(ends).toMatchObject(models.map(() => ({ status: 'SUCCEEDED', output: { outcome: 'monitored' } })));
    const counted = await Promise.all(models.map(async (each) => (await each.window(ago(2))).rows));
    expect(counted).toEqual(models.map((_, index) => index + 1));
  });
});

describe('a version that is replaced while its window is judged', () => {
  it('is on record, sounds no alarm and is no figure', async () => {
    await model.capture(
      ago(3),
      usualFlights.map((flight) => ({ ...flight, distance: 9000 })),
    );

    await machine.run(model.scheduled(ago(2)), {
      async before(task) {
        if (task === 'JudgeWindow') await model.goLive(2);
      },
    });

    expect(await model.window(ago(2))).toMatchObject({
      version: 1,
      verdict: 'drift',
      measures: { drift: null },
    });
    expect(await model.announced()).toEqual(['window.monitored']);
    expect(await model.figures('Drift')).toEqual([]);
    expect((await model.monitor())?.drift).toBeNull();
  });

  it('while the judgement is recorded, too', async () => {
    await model.capture(ago(3), some);
    const { liveVersion: _, ...before } = await new Models(model.table).load(model.name);
    await machine.run(model.scheduled(ago(2)), {
      async before(task) {
        if (task === 'JudgeWindow') await putModel(model.table, { ...before, liveVersion: null });
      },
    });

    expect(await model.windows()).toMatchObject([{ version: 1, measures: { windowRows: null } }]);
  });
});

describe('there is nothing to look at, and an event says why,', () => {
  const skipped = { status: 'SUCCEEDED', output: { outcome: 'skipped' } };

  it('without a live version', async () => {
    await model.movePointer(null);

    expect(await machine.run(model.scheduled(ago(2)))).toMatchObject(skipped);
    expect((await model.events())[0]?.detail).toMatchObject({ reason: expect.stringMatching(/No version/) });
  });

  it('with a version from before there was monitoring', async () => {
    await model.goLive(2, null);

    expect(await machine.run(model.scheduled(ago(2)))).toMatchObject(skipped);
    expect((await model.events())[0]?.detail).toMatchObject({
      reason: expect.stringMatching(/has no baseline/),
    });
  });

  it('with monitoring turned off', async () => {
    const record = await new Models(model.table).load(model.name);
    const definition = definitionSchema.parse({ ...record.definition, monitoring: { enabled: false } });
    await putModel(model.table, { ...record, definition });

    expect(await machine.run(model.scheduled(ago(2)))).toMatchObject(skipped);
    expect(await model.announced()).toEqual(['monitoring.skipped']);
  });

  it('without a model', async () => {
    const end = await machine.run({ model: 'never-heard-of' });

    expect(end).toMatchObject({
      output: { message: expect.stringMatching(/There is no model called never-heard-of/) },
    });
  });
});

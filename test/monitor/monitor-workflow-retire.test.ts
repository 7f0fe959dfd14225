import { Models } from '@tidemark/domain/registry/models.client.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { usualFlights } from '../domain/windows/rows.ts';
import type { Machine } from '../support/machine.ts';
import { putModel, retired } from '../support/registry.ts';
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

const drifted = usualFlights.map((flight) => ({ ...flight, distance: 9000 }));

async function retire(): Promise<void> {
  await putModel(model.table, retired(await new Models(model.table).load(model.name)));
}

describe('a retired model', () => {
  it('is looked at no more, though its endpoint may still be there, and says why', async () => {
    await model.capture(ago(3), drifted);
    await retire();

    const end = await machine.run(model.scheduled(ago(2)));

    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'skipped' } });
    expect(await model.events()).toMatchObject([
      {
        'detail-type': 'monitoring.skipped',
        detail: { reason: expect.stringMatching(/is retired: .* What was captured is kept/) },
      },
    ]);
    expect(await model.windows()).toEqual([]);
  });

  it.each(['PlanWindow', 'ProfileSlice', 'JoinLabels', 'MergeWindow', 'JudgeWindow'])(
    'whose window is under way has its report, and no alarm: retired before %s',
    async (task) => {
      await model.capture(ago(3), drifted);

      const end = await machine.run(model.scheduled(ago(2)), {
        async before(called) {
          if (called === task) await retire();
        },
      });

      expect(end.status).toBe('SUCCEEDED');
      expect(await model.announced()).toEqual(['window.monitored']);
      expect((await model.report(ago(2))).drift.verdict).toBe('drift');
      expect(await model.figures('Drift')).toEqual([]);
      expect(await model.monitor()).toMatchObject({ running: null, drift: null });
    },
  );

  it('has its window also when the endpoint goes meanwhile', async () => {
    await model.capture(ago(3), drifted);

    await machine.run(model.scheduled(ago(2)), {
      async before(called) {
        if (called !== 'MergeWindow') return;
        await retire();
        await model.movePointer(null);
      },
    });

    expect(await model.announced()).toEqual(['window.monitored']);
  });

  it('ends the drift that was on', async () => {
    await model.capture(ago(5), drifted);
    await machine.run(model.scheduled(ago(4)));
    await model.capture(ago(3), drifted);

    await machine.run(model.scheduled(ago(2)), {
      async before(called) {
        if (called === 'JudgeWindow') await retire();
      },
    });

    expect(await model.announced()).toEqual([
      'window.monitored',
      'drift.detected',
      'window.monitored',
      'drift.superseded',
    ]);
  });
});

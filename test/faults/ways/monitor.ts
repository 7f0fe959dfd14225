import { type Flight, usualFlights } from '../../domain/windows/rows.ts';
import { startMonitorRegion } from '../../monitor/monitor-region.ts';
import { ago, MonitoredModel } from '../../monitor/monitored-model.ts';
import type { Way, Ways } from '../../support/fault-at-every-call.ts';
import { ownRules, runWithOwnRules } from '../../support/own-rules.ts';
import { toldOnBus } from '../told.ts';

export async function start(): Promise<Ways> {
  const region = await startMonitorRegion();
  const rules = await ownRules('Monitor');

  const way = (name: string, flights: readonly Flight[]): Way => ({
    name,
    meant: [
      {
        faults:
          /^Sandbox\.Timedout \w+ (PlanWindow|ProfileSlice|FindRepeats|JoinLabels|MergeWindow|JudgeWindow)\./,
        truth: {
          ended: 'FAILED Sandbox.Timedout',
          windows: [],
          episodes: { drift: false, quality: false },
          figures: { drift: [], rows: [] },
          told: ['monitoring.failed Sandbox.Timedout'],
        },
        because: 'What takes too long would take too long again. Its predictions are in the next window.',
      },
    ],
    async prepare() {
      const model = await MonitoredModel.live(region);
      const ids = await model.capture(ago(3), flights);
      await model.label(Object.fromEntries(ids.slice(0, 100).map((id, index) => [id, index % 40])));
      let ended = '';
      return {
        async run(meddle) {
          ended = await runWithOwnRules(region.monitor, rules, model.scheduled(ago(2)), meddle);
        },
        truth: async () => ({ ended, ...(await truthOf(model)) }),
      };
    },
  });

  async function truthOf(model: MonitoredModel) {
    const monitor = await model.monitor();
    return {
      windows: (await model.windows()).map(({ verdict, rows }) => `${verdict} ${rows}`),
      running: monitor?.running ?? null,
      episodes: { drift: monitor?.drift != null, quality: monitor?.quality != null },
      figures: { drift: await model.figures('Drift'), rows: await model.figures('WindowRows') },
      told: toldOnBus(await model.events()),
    };
  }

  const longFlights = usualFlights.map((flight) => ({ ...flight, distance: (flight.distance ?? 0) + 2000 }));
  return {
    ways: [way('a window is stable', usualFlights), way('a window drifts', longFlights)],
    stop: () => region.stop(),
  };
}

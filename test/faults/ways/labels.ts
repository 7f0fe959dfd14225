import { usualFlights } from '../../domain/windows/rows.ts';
import { created } from '../../labels/labels-event.ts';
import { startMonitorRegion } from '../../monitor/monitor-region.ts';
import { ago, MonitoredModel } from '../../monitor/monitored-model.ts';
import type { Way, Ways } from '../../support/fault-at-every-call.ts';
import { ownRules, runWithOwnRules } from '../../support/own-rules.ts';
import { toldOnBus } from '../told.ts';

export async function start(): Promise<Ways> {
  const region = await startMonitorRegion();
  const machine = await region.machine('Labels');
  const rules = await ownRules('Labels');

  const way = (name: string, header: string): Way => ({
    name,
    async prepare() {
      const model = await MonitoredModel.live(region);
      const ids = await model.capture(ago(2), usualFlights.slice(0, 4));
      const put = await model.putLabels([header, ...ids.map((id) => `${id},30`)].join('\n'));
      let ended = '';
      return {
        async run(meddle) {
          ended = await runWithOwnRules(machine, rules, created(put), meddle);
        },
        truth: async () => ({ ended, ...(await truthOf(model)) }),
      };
    },
  });

  async function truthOf(model: MonitoredModel) {
    const events = await model.events();
    const counts = events.map(({ detail }) => {
      const { lines, usable, unknownIds } = Object(detail);
      return `${lines} ${usable} ${unknownIds}`;
    });
    return { told: toldOnBus(events), counts: [...new Set(counts)] };
  }

  return {
    ways: [way('labels arrive', 'inference_id,label'), way('labels cannot be read', 'inference_id,lable')],
    stop: () => region.stop(),
  };
}

import { OnboardRegion } from '../../onboard/onboard-region.ts';
import type { Way, Ways } from '../../support/fault-at-every-call.ts';
import { ownRules, runWithOwnRules } from '../../support/own-rules.ts';
import { toldOnBus } from '../told.ts';

let models = 0;

export async function start(): Promise<Ways> {
  const region = await OnboardRegion.start();
  const rules = await ownRules('Onboard');

  const way = (name: string, ...definitions: readonly string[]): Way => ({
    name,
    async prepare() {
      models += 1;
      const model = `model-${models}`;
      for (const earlier of definitions.slice(0, -1)) await region.onboard(model, earlier);
      const event = await region.drop(model, definitions.at(-1));
      let ended = '';
      return {
        async run(meddle) {
          ended = await runWithOwnRules(region.machine, rules, event, meddle);
        },
        truth: async () => ({ ended, ...(await truthOf(model)) }),
      };
    },
  });

  async function truthOf(model: string) {
    const record = await region.models.find(model);
    const short = (names: readonly string[]) => names.map((name) => name.replaceAll(model, 'model')).sort();
    return {
      lifecycle: record?.definition.lifecycle ?? null,
      isMonitored: record != null && record.monitored?.definitionHash === record.definitionHash,
      alarms: short(await region.alarmsOf(model)),
      schedules: short(await region.schedulesOf(model)),
      told: toldOnBus(await region.events(model)),
    };
  }

  const scheduled = 'retraining: { on: [schedule] }\n';
  return {
    ways: [
      way('a model is new', ''),
      way('a model changes', 'monitoring: { every: hour }\n', scheduled),
      way('a model retires', scheduled, `${scheduled}lifecycle: retired\n`),
      way('a definition is wrong', 'colour: red\n'),
    ],
    stop: () => region.stop(),
  };
}

import { instanceSettings } from '../../deploy/deploy-records.ts';
import { HostedModel } from '../../deploy/hosted-model.ts';
import { startHostingRegion } from '../../deploy/hosting-region.ts';
import type { Way, Ways } from '../../support/fault-at-every-call.ts';
import { ownRules, runWithOwnRules } from '../../support/own-rules.ts';
import { toldOnBus } from '../told.ts';

export async function start(): Promise<Ways> {
  const region = await startHostingRegion();
  const machine = await region.machine('Deploy');
  const rules = await ownRules('Deploy');

  const way = (name: string, requestOf: (model: HostedModel) => Promise<object>): Way => ({
    name,
    async prepare() {
      const model = await HostedModel.onboard(region);
      const request = await requestOf(model);
      let ended = '';
      return {
        async run(meddle) {
          ended = await runWithOwnRules(machine, rules, request, meddle);
        },
        truth: async () => ({ ended, ...(await truthOf(model)) }),
        // An endpoint is a process.
        dispose: () => model.deleteEndpoint().catch(() => undefined),
      };
    },
  });

  async function truthOf(model: HostedModel) {
    const endpoint = await model.endpoint();
    const alarms = (await region.alarms()).filter((alarm) => alarm.includes(`-${model.name}-`));
    return {
      ...(await model.truth()),
      endpoint: endpoint?.status ?? null,
      serves: endpoint?.status === 'InService' ? await model.servingFactor() : null,
      alarms: alarms
        .map((alarm) => alarm.replaceAll(model.name, 'model').replace(/-[0-9a-f]{6,}/g, ''))
        .sort(),
      told: toldOnBus(await model.events()),
    };
  }

  const onInstances = { record: { deployment: instanceSettings } };
  return {
    ways: [
      way('a version goes live', async (model) => {
        await model.goLive(machine, 1);
        await model.register(2);
        return model.approve(2);
      }),
      way('a version fails its proof', async (model) => {
        await model.goLive(machine, 1);
        await model.register(2, { recordedFactor: 3 });
        return model.approve(2);
      }),
      way('an endpoint is created', async (model) => {
        await model.register(1);
        return model.approve(1);
      }),
      way('an endpoint of instances is created', async (model) => {
        await model.register(1, onInstances);
        return model.approve(1);
      }),
      way('a model retires', async (model) => {
        await model.goLive(machine, 1);
        return model.retire();
      }),
    ],
    stop: () => region.stop(),
  };
}

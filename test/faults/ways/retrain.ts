import { startRetrainRegion } from '../../retrain/retrain-region.ts';
import { RetrainedModel } from '../../retrain/retrained-model.ts';
import type { Way, Ways } from '../../support/fault-at-every-call.ts';
import { ownRules, runWithOwnRules } from '../../support/own-rules.ts';
import { told } from '../told.ts';

export async function start(): Promise<Ways> {
  const region = await startRetrainRegion();
  const rules = await ownRules('Retrain');

  const way = (name: string, predictions: number): Way => ({
    name,
    meant: [
      {
        faults: /^Sandbox\.Timedout \w+ ExportRows\./,
        truth: {
          ended: 'FAILED Sandbox.Timedout',
          retrainings: [],
          dropped: 0,
          rows: [],
          isAnswered: false,
          told: ['retraining.suppressed'],
        },
        because: 'What takes too long would take too long again. The next window of the episode asks again.',
      },
    ],
    async prepare() {
      const model = await RetrainedModel.drifting(region);
      await model.labelledPredictions('p', predictions);
      let ended = '';
      return {
        async run(meddle) {
          const training = {
            ...meddle,
            // As ingest and train do as soon as the rows are there.
            async after(task: string) {
              if (task === 'DropRows') await model.train();
            },
          };
          ended = await runWithOwnRules(region.retrain, rules, model.alarm(), training);
        },
        truth: async () => ({ ended, ...(await truthOf(model)) }),
      };
    },
  });

  async function truthOf(model: RetrainedModel) {
    const { openRetraining } = await model.record();
    const dropped = await model.incoming();
    const retrainings = await model.retrainings();
    return {
      retrainings: retrainings.map(({ status, newRows }) => `${status} ${newRows}`),
      openRetraining: openRetraining ?? null,
      // Under its name a second copy of the rows would be another file for ingest.
      dropped: new Set(dropped).size,
      rows: (await Promise.all(retrainings.map(({ retrainingId }) => rowsOf(model, retrainingId)))).flat(),
      isAnswered: (await model.episode())?.retrainingId != null,
      told: told(await model.events()),
    };
  }

  async function rowsOf(model: RetrainedModel, retrainingId: string): Promise<number> {
    const isDropped = (await model.incoming()).some((key) => key.includes(retrainingId));
    return isDropped ? (await model.dropped(retrainingId)).length : 0;
  }

  return {
    ways: [way('a retraining begins', 200), way('a retraining has too few rows', 20)],
    stop: () => region.stop(),
  };
}

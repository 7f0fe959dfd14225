import type { Way, Ways } from '../../support/fault-at-every-call.ts';
import { ownRules, runWithOwnRules } from '../../support/own-rules.ts';
import { startTrainRegion } from '../../train/train-region.ts';
import { flights, flightsWith, lateFlights, TrainedModel } from '../../train/trained-model.ts';
import { toldOnBus } from '../told.ts';

export async function start(): Promise<Ways> {
  const region = await startTrainRegion();
  const machine = await region.machine('Train');
  const rules = await ownRules('Train');

  const way = (
    name: string,
    definition: Parameters<typeof TrainedModel.onboard>[1],
    rows: Parameters<TrainedModel['commit']>[0],
  ): Way => ({
    name,
    meant: [
      {
        faults: /^Sandbox\.Timedout \w+ (Prepare|KeepModel|Evaluate)\./,
        truth: failed('Sandbox.Timedout'),
        because: 'What takes too long would take too long again. The model is free for the next run.',
      },
      {
        faults: /^SdkClientException \w+ state\.create(Training|Transform)Job/,
        truth: failed('SageMaker.SdkClientException'),
        because: 'It is not known whether the job has begun, and its name can be taken once.',
      },
      {
        faults: /^States\.Timeout \w+ state\.create(Training|Transform)Job/,
        truth: failed('StepTimedOut'),
        because: 'The time of the task is that of the job, which would take too long again.',
      },
    ],
    async prepare() {
      const model = await TrainedModel.onboard(region, definition);
      const { event } = await model.commit(rows);
      let ended = '';
      return {
        async run(meddle) {
          ended = await runWithOwnRules(machine, rules, event, meddle);
        },
        truth: async () => ({ ended, ...(await truthOf(model)) }),
      };
    },
  });

  async function truthOf(model: TrainedModel) {
    const { lease, nextVersion, liveVersion } = await model.record();
    return {
      versions: (await model.versions()).map(({ version, status }) => `${version} ${status}`),
      runs: (await model.runs()).map(({ status }) => status),
      nextVersion,
      liveVersion,
      // An approved version has the model until deploy has it.
      lease: lease && `${lease.purpose} of ${lease.owner.replace(/-.*/, '')}`,
      told: toldOnBus(await model.events()),
    };
  }

  const coin = flightsWith(0, 2000, 'hash(date, origin, destination, distance) % 2', {
    name: 'coin',
    type: 'integer',
  });
  return {
    ways: [
      way('a version is approved', lateFlights, flights(0, 2000)),
      way('a version is rejected', { name: 'any', problem: 'binary', target: 'coin' }, coin),
    ],
    stop: () => region.stop(),
  };
}

/** The run fails, says why, and frees the model. */
function failed(error: string) {
  return {
    ended: `FAILED ${error}`,
    versions: [],
    runs: ['failed'],
    nextVersion: 1,
    lease: null,
    told: [`training.failed ${error}`, 'training.started'],
  };
}
